// Draws comparisons side by side where there is room for it, and in one
// column elsewhere. Without this script the plain patch stays, in colour.

'use strict';

const WIDE = 900; // pixels that two columns of code need

function drawComparison(element) {
  const patch = element.querySelector('pre').textContent;
  const whole = element.querySelector('.comparison-whole').textContent;
  const isWide = element.clientWidth >= WIDE;
  const unfolded = element.dataset.unfolded === 'true';
  element.dataset.columns = isWide ? '2' : '1';
  element.querySelector('.comparison-drawing').innerHTML = Diff2Html.html(
    unfolded ? whole : patch,
    {
      colorScheme: document.body.dataset.theme || 'auto',
      diffStyle: 'word',
      drawFileList: false,
      matching: 'words',
      outputFormat: isWide ? 'side-by-side' : 'line-by-line',
    },
  );
}

function prepareComparison(element) {
  const drawing = document.createElement('div');
  drawing.className = 'comparison-drawing';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'comparison-fold';
  const label = () => {
    button.textContent =
      element.dataset.unfolded === 'true'
        ? 'Fold what is unchanged'
        : 'Show what is unchanged, too';
  };
  button.addEventListener('click', () => {
    element.dataset.unfolded = String(element.dataset.unfolded !== 'true');
    label();
    drawComparison(element);
  });
  label();
  element.append(drawing, button);
  element.classList.add('comparison-drawn');
  drawComparison(element);
}

document.addEventListener('DOMContentLoaded', () => {
  const comparisons = [...document.querySelectorAll('.comparison')];
  comparisons.forEach(prepareComparison);

  new MutationObserver(() => comparisons.forEach(drawComparison)).observe(
    document.body,
    { attributeFilter: ['data-theme'] },
  );

  window.addEventListener('resize', () => {
    for (const element of comparisons) {
      const columns = element.clientWidth >= WIDE ? '2' : '1';
      if (columns !== element.dataset.columns) {
        drawComparison(element);
      }
    }
  });
});
