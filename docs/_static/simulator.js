// The simulator of Parts 9 and 10: the way through a chain that is typed. It
// reads what deferred-simulator.py reads, and says of errors what that says.

'use strict';

const WORDS = ['return', 'fail', 'passthru'];
const SIDES = ['callback', 'errback'];

class ChainError extends Error {}

// Take one action from the front of a list.
function takeAction(words) {
  const typed = words.shift();
  const word = WORDS.find((each) => each.startsWith(typed));
  if (!word) {
    throw new ChainError(
      `unknown word '${typed}', it must be return, fail or passthru`,
    );
  }
  if (word === 'passthru') {
    return { word };
  }
  const value = words.shift() || '';
  if (!/^[A-Za-z0-9]{1,6}$/.test(value)) {
    throw new ChainError(
      `${word} needs a value of one to six letters or digits`,
    );
  }
  return { word, value };
}

function parsePair(line) {
  const words = line.split(/\s+/).filter(Boolean);
  const callback = takeAction(words);
  if (!words.length) {
    throw new ChainError('the errback is missing');
  }
  const errback = takeAction(words);
  if (words.length) {
    throw new ChainError(
      `there is something left over: '${words.join(' ')}'`,
    );
  }
  return { callback, errback };
}

// Return the pairs of a text, and what is wrong with other lines.
function parseChain(text) {
  const pairs = [];
  const errors = [];
  text.split('\n').forEach((line, number) => {
    if (!line.trim()) {
      return;
    }
    try {
      pairs.push(parsePair(line));
    } catch (error) {
      if (!(error instanceof ChainError)) {
        throw error;
      }
      errors.push({ line: number + 1, says: error.message });
    }
  });
  return { pairs, errors };
}

// Return what comes to each pair and to the end: a side, and a value.
function fire(pairs, start) {
  let [side, value] = [start, 'initial'];
  const path = [{ side, value }];
  for (const pair of pairs) {
    const action = pair[side];
    if (action.word !== 'passthru') {
      side = action.word === 'return' ? 'callback' : 'errback';
      value = action.value;
    }
    path.push({ side, value });
  }
  return path;
}

window.chainSimulator = { parseChain, fire };

// Drawing: as tour/chain_picture.py does it.

const WIDTH = 360;
const BOX = { callback: 4, errback: 190, width: 166, height: 28 };
const LANE = 26;

function element(name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  if (text) {
    made.textContent = text;
  }
  return made;
}

const said = ({ word, value }) => (value ? `${word} ${value}` : word);
const marked = ({ side, value }) =>
  `${side === 'errback' ? 'F' : 'r'} ${value}`;

class Painter {
  constructor() {
    this.y = 16;
    this.parts = [];
    for (const side of SIDES) {
      this.add('text', {
        x: BOX[side], y: 12, 'font-size': 12, 'fill-opacity': 0.75,
      }, `${side}s`);
    }
  }

  add(name, attributes, text) {
    this.parts.push(element(name, attributes, text));
  }

  line(points, isFailure) {
    const [[x0, y0], [x1, y1]] = points;
    const attributes = { fill: 'none', stroke: 'currentColor' };
    if (isFailure) {
      this.add('path', {
        ...attributes, d: `M${x0} ${y0}L${x1} ${y1}`,
        'stroke-width': 2.4, 'stroke-dasharray': '2 3',
      });
      return;
    }
    const [dx, dy] = x0 === x1 ? [2, 0] : [0, 2];
    const d = [-1, 1].map((s) => `M${x0 + s * dx} ${y0 + s * dy}`
      + `L${x1 + s * dx} ${y1 + s * dy}`).join('');
    this.add('path', { ...attributes, d });
  }

  // The way to a side, with what goes along it.
  way(from, to) {
    const isFailure = to.side === 'errback';
    const [here, there] = [from, to].map(({ side }) => BOX[side] + LANE);
    if (here !== there) {
      const y = this.y + 8;
      this.line([[here, this.y], [here, y]], isFailure);
      this.line([[here, y], [there, y]], isFailure);
      this.y = y;
    }
    this.line([[there, this.y], [there, this.y + 22]], isFailure);
    this.add('text', { x: there + 12, y: this.y + 16 }, marked(to));
    this.y += 22;
  }

  pair(pair, taken) {
    for (const side of SIDES) {
      const ran = side === taken;
      const passes = pair[side].word === 'passthru';
      const frame = {
        x: BOX[side], y: this.y, width: BOX.width, height: BOX.height,
        rx: 3, fill: 'none', stroke: 'currentColor',
      };
      this.add('rect', {
        ...frame, ...(ran ? {} : {
          'stroke-dasharray': '4 3', 'stroke-opacity': 0.75,
        }),
      });
      if (ran) {
        this.add('rect', {
          ...frame, x: frame.x + 3, y: frame.y + 3,
          width: frame.width - 6, height: frame.height - 6,
        });
      }
      this.add('text', {
        x: BOX[side] + 12, y: this.y + 18,
        class: passes ? 'passes' : 'acts',
        ...(ran ? {} : { 'fill-opacity': 0.75 }),
      }, said(pair[side]));
    }
    this.y += BOX.height;
  }

  end(last) {
    this.add('text', {
      x: BOX[last.side] + 4, y: this.y + 16, 'font-weight': 'bold',
    }, last.side === 'errback' ? 'unhandled error' : 'result');
    this.y += 24;
  }

  svg(label) {
    const svg = element('svg', {
      viewBox: `0 0 ${WIDTH} ${this.y}`, role: 'img', 'aria-label': label,
      'font-size': 13, fill: 'currentColor',
    });
    svg.append(...this.parts);
    return svg;
  }
}

function draw(pairs, start) {
  const path = fire(pairs, start);
  const painter = new Painter();
  painter.way(path[0], path[0]);
  pairs.forEach((pair, stage) => {
    const at = path[stage];
    painter.pair(pair, at.side);
    painter.way(at, path[stage + 1]);
  });
  painter.end(path[pairs.length]);
  const words = describe(pairs, path, start);
  return { svg: painter.svg(words), words };
}

function describe(pairs, path, start) {
  const sentences = [
    `Fired by ${start}, the chain begins with ${named(path[0])}.`,
  ];
  pairs.forEach((pair, stage) => {
    const { side } = path[stage];
    const gives = pair[side].word === 'passthru'
      ? `passes on ${named(path[stage + 1])}`
      : said(pair[side]).replace(/^return/, 'returns')
        .replace(/^fail/, 'fails with');
    sentences.push(`The ${side} of stage ${stage} ${gives}.`);
  });
  const last = path[pairs.length];
  sentences.push(last.side === 'errback'
    ? `At the end is an unhandled error, ${last.value}.`
    : `At the end is the result ${last.value}.`);
  return sentences.join(' ');
}

function named({ side, value }) {
  return side === 'errback' ? `the failure ${value}` : `the result ${value}`;
}

function simulate(simulator) {
  const field = simulator.querySelector('textarea');
  const [errors, look, status] = ['.errors', '.look', '.said'].map(
    (selector) => simulator.querySelector(selector),
  );
  const examples = JSON.parse(
    simulator.querySelector('script').textContent,
  );
  let timer = null;

  function show() {
    const chain = parseChain(field.value);
    errors.textContent = chain.errors.map(
      ({ line, says }) => `Line ${line}: ${says}.`,
    ).join(' ');
    field.setAttribute('aria-invalid', chain.errors.length > 0);
    const told = [];
    for (const figure of simulator.querySelectorAll('figure')) {
      const { svg, words } = draw(chain.pairs, figure.dataset.start);
      figure.querySelector('.drawn').replaceChildren(svg);
      figure.querySelector('.in-words').textContent = words;
      told.push(words.split('. ').pop());
    }
    // said when one stops typing, and not at each letter
    clearTimeout(timer);
    timer = setTimeout(() => {
      status.textContent = `After callback: ${told[0]}`
        + ` After errback: ${told[1]}`;
    }, 800);
  }

  simulator.querySelectorAll('.examples button').forEach((button, number) => {
    button.addEventListener('click', () => {
      field.value = examples[number].chain;
      look.textContent = examples[number].look;
      show();
    });
  });
  field.addEventListener('input', () => {
    look.textContent = '';
    show();
  });
  field.value = examples[0].chain;
  look.textContent = examples[0].look;
  show();
}

document.addEventListener('DOMContentLoaded', () => {
  document.querySelectorAll('.simulator').forEach(simulate);
});
