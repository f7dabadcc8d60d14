// Keys for the pages before and after, the place in the side bar, what only
// needs a name or the focus with a script, and folds that open for paper.

'use strict';

const PAGES = { ArrowLeft: 'prev', ArrowRight: 'next' };
const FIELDS = 'input, textarea, select, [contenteditable]';

// Does something there need the arrows: a field, or code that is too wide?
function needsArrows(element) {
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    if (at.matches(FIELDS)) {
      return true;
    }
    const { overflowX } = getComputedStyle(at);
    if (
      at.scrollWidth > at.clientWidth &&
      (overflowX === 'auto' || overflowX === 'scroll')
    ) {
      return true;
    }
  }
  return false;
}

document.addEventListener('keydown', (event) => {
  const { altKey, ctrlKey, metaKey, shiftKey, target } = event;
  const rel = PAGES[event.key];
  if (!rel || event.defaultPrevented || altKey || ctrlKey || metaKey) {
    return;
  }
  if (shiftKey || (target instanceof Element && needsArrows(target))) {
    return;
  }
  const link = document.querySelector(`head link[rel="${rel}"]`);
  if (link) {
    window.location.assign(link.href);
  }
});

function showPlaceInSideBar() {
  const bar = document.querySelector('.sidebar-scroll');
  const here = bar && bar.querySelector('.current-page > .reference');
  if (!here) {
    return;
  }
  here.setAttribute('aria-current', 'page');
  const [outer, inner] = [bar, here].map((e) => e.getBoundingClientRect());
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    bar.scrollTo({
      top: bar.scrollTop + inner.top - outer.top - outer.height / 3,
      behavior: 'instant',
    });
  }
}

// What is wider than the page is scrolled by keys once it has the focus.
function reachWideThings() {
  for (const box of document.querySelectorAll('.picture > div, .highlight pre')) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute('tabindex');
    }
  }
}

// What a search has found is marked, and the titles of drawings can't be.
function keepTitlesPlain() {
  for (const title of document.querySelectorAll('svg :is(title, desc)')) {
    title.classList.add('nohighlight');
  }
}

document.addEventListener('DOMContentLoaded', () => {
  keepTitlesPlain();
  showPlaceInSideBar();
  reachWideThings();
  new ResizeObserver(reachWideThings).observe(document.body);
  document.addEventListener('toggle', reachWideThings, true);
});

// Paper has no folds to open.
let opened = [];
window.addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('details:not([open])')];
  for (const details of opened) {
    details.open = true;
  }
});
window.addEventListener('afterprint', () => {
  for (const details of opened) {
    details.open = false;
  }
  opened = [];
});
