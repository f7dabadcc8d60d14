// Steps through the chains of a run: what is drawn for a step, its lines in
// the listing and its lines in the output light up together.

'use strict';

const LIT = 'lit';
const STEPS = { n: 1, p: -1 };

// All that a step is about: on this page there may be more of it, or less.
function partsOf(step, listing) {
  const parts = [document.getElementById(step.id)];
  if (step.lines) {
    const [first, last] = step.lines;
    const script = CSS.escape(listing);
    for (const box of document.querySelectorAll(
      `.listing-box[data-script="${script}"] > .listing`,
    )) {
      parts.push(...[...box.children].slice(first - 1, last));
    }
  }
  for (const name of step.out || []) {
    parts.push(...document.querySelectorAll(`[data-out="${CSS.escape(name)}"]`));
  }
  return parts.filter(Boolean);
}

function showInDrawing(drawing, panel, part) {
  const [box, room, below] = [part, drawing, panel].map((element) =>
    element.getBoundingClientRect(),
  );
  const side = Math.min(box.left - room.left, 0) || Math.max(
    box.right - room.right, 0);
  drawing.scrollBy({ left: side, behavior: 'instant' });
  const top = 70;
  const bottom = window.innerHeight - below.height - 10;
  if (box.bottom > bottom) {
    const by = Math.min(box.bottom - bottom, box.top - top);
    window.scrollBy({ top: by, behavior: 'instant' });
  } else if (box.top < top) {
    window.scrollBy({ top: box.top - top, behavior: 'instant' });
  }
}

function makeSteps(figure) {
  const drawing = figure.querySelector('.chain-drawing');
  const panel = figure.querySelector('.chain-steps');
  const data = figure.querySelector('script');
  if (!panel || !data) {
    return;
  }
  const { listing, steps } = JSON.parse(data.textContent);
  const [previous, next, count, says, code, out] = [
    '.previous', '.next', '.count', '.says', '.code-line', '.out-line',
  ].map((selector) => panel.querySelector(selector));
  const atStart = count.textContent;
  let at = -1;

  function show(number) {
    at = Math.max(Math.min(number, steps.length - 1), -1);
    for (const part of document.querySelectorAll(`.${LIT}`)) {
      part.classList.remove(LIT);
    }
    const step = steps[at];
    const parts = step ? partsOf(step, listing) : [];
    for (const part of parts) {
      part.classList.add(LIT);
    }
    count.textContent = step ? `${at + 1} of ${steps.length}` : atStart;
    says.textContent = step ? step.says : '';
    code.textContent = (step && step.code
      && `${step.lines[0]}  ${step.code}`) || '';
    out.textContent = (step && step.printed) || '';
    // they keep the focus, which a button that is disabled would lose
    previous.setAttribute('aria-disabled', at < 0);
    next.setAttribute('aria-disabled', at === steps.length - 1);
    if (step && parts.length) {
      showInDrawing(drawing, panel, parts[0]);
    }
  }

  previous.addEventListener('click', () => show(at - 1));
  next.addEventListener('click', () => show(at + 1));
  figure.addEventListener('keydown', (event) => {
    const { altKey, ctrlKey, metaKey } = event;
    const by = STEPS[event.key];
    if (!by || altKey || ctrlKey || metaKey) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    show(at + by);
  });
  previous.setAttribute('aria-disabled', true);
  next.setAttribute('aria-disabled', false);
}

document.addEventListener('DOMContentLoaded', () => {
  document.querySelectorAll('figure.chain').forEach(makeSteps);
});
