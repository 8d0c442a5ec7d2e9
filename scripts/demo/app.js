/** The demo page's program: an ordinary small web application, with ordinary small sins. */
import { drawProfile } from './profile.js';
import { buildIndex, findWalks } from './search.js';

const CARDS = 24;

async function start() {
  const walks = await loadCatalogue();
  const index = buildIndex(walks);
  renderCards(findWalks(index, 'ridge').slice(0, CARDS));
  balanceTitles();
  drawProfile(document.querySelector('canvas'), walks[7]);
  renderJournal(walks);
  suggestInWorker(walks);
  setTimeout(showNotice, 400);
}

async function loadCatalogue() {
  const response = await fetch('catalogue.json');
  const walks = JSON.parse(await response.text());
  return walks.sort((a, b) => a.name.localeCompare(b.name));
}

function renderCards(walks) {
  const cards = document.querySelector('.cards');
  for (const walk of walks) {
    const card = document.createElement('article');
    card.className = 'card';
    const picture = Object.assign(new Image(), {
      src: `images/walk-${walk.picture}.jpg`,
      alt: '',
      loading: 'lazy',
    });
    const title = Object.assign(document.createElement('h3'), { textContent: walk.name });
    const facts = Object.assign(document.createElement('p'), {
      textContent: `${walk.kilometres} km · ${walk.climb} m up · ${walk.hours} h`,
    });
    card.append(picture, title, facts);
    cards.append(card);
  }
  document.querySelector('.count').textContent = `${walks.length} of 4 000 walks`;
}

/** Shrinks each title until it fits in one line: writes, reads, writes, reads. The classic forced layout. */
function balanceTitles() {
  for (const title of document.querySelectorAll('.card h3')) {
    let size = 24;
    title.style.fontSize = `${size}px`;
    while (title.offsetHeight > 34 && size > 12) {
      size -= 0.5;
      title.style.fontSize = `${size}px`;
    }
  }
}

function renderJournal(walks) {
  const journal = document.querySelector('.journal');
  for (const walk of walks.slice(0, 18)) {
    journal.append(Object.assign(document.createElement('p'), { textContent: walk.story }));
  }
}

function suggestInWorker(walks) {
  const worker = new Worker('suggest.js', { type: 'module', name: 'suggest' });
  worker.addEventListener('message', ({ data }) => {
    document.querySelector('#search').placeholder = `Try “${data}”`;
    worker.terminate();
  });
  worker.postMessage(walks);
}

/** Pushes the whole page down after it has been read: a layout shift. */
function showNotice() {
  const notice = Object.assign(document.createElement('div'), {
    className: 'notice',
    textContent: 'Snow above 1 800 m this weekend. Pack one more layer than you think.',
  });
  document.querySelector('.hero').before(notice);
}

await start();
