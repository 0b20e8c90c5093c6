import { render } from 'preact';
import { App } from './app.tsx';
import { listen } from './store.ts';

const root = document.getElementById('page');
if (root !== null) {
  render(<App />, root);
  listen();
}
