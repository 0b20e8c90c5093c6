import { describe, expect, it } from 'vitest';
import { remoteLoadsOf } from '../src/remote.ts';

describe('loads from other hosts', () => {
  it.each([
    '<script src="https://cdn.example/x.js"></script>',
    '<script async src=//cdn.example/x.js></script>',
    '<link rel="stylesheet" href="https://fonts.example/css"/>',
    "<img alt='a' src='http://badge.example/b.svg'>",
    '@import url("https://fonts.example/css");',
    '@import "//fonts.example/css";',
    'body{background:url(https://img.example/a.png)}',
    'fetch("https://api.example/v1")',
    "const m = await import('https://cdn.example/m.js')",
  ])('are found in %s', (text) => {
    expect(remoteLoadsOf('a.html', text)).toHaveLength(1);
  });

  it.each([
    '<a href="https://kafka.apache.org/">Kafka</a>',
    '<script src="../assets/main.js"></script>',
    '<link rel="stylesheet" href="assets/style.css"/>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="assets/icons.svg#a"></use></svg>',
  ])('are not seen in %s', (text) => {
    expect(remoteLoadsOf('a.html', text)).toEqual([]);
  });
});
