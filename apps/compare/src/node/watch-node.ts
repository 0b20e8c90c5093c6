import { readFileSync, rmSync } from 'node:fs';
import type { CuttableNetwork, RunServerOptions } from '@biquorum/cluster';
import { parseProperties } from '@biquorum/log';
import { EventFile } from './event-file.ts';
import { listenForControl } from './remote-control.ts';
import { Tally } from './tally.ts';
import { factsOf } from './watched-links.ts';
import { watchPorts } from './watched-ports.ts';

/** Where the events of a node lie, one line of JSON each, by the directory of its data. */
export function eventsFileOf(directory: string): string {
  return `${directory}.events`;
}

/** Where a node's process can be asked and told, by the directory of its data. */
export function controlPathOf(directory: string): string {
  return `${directory}.tap`;
}

/** What goes around a node whose properties lie in this file. */
export function watchNode(propertiesFile: string): Pick<RunServerOptions, 'telemetry' | 'wrapPorts'> {
  const directory = propertiesFile.replace(/\.properties$/, '');
  const facts = factsOf(parseProperties(propertiesFile, readFileSync(propertiesFile)));
  const tally = new Tally();
  const telemetry = EventFile.at(eventsFileOf(directory));
  let network: CuttableNetwork | undefined;
  rmSync(controlPathOf(directory), { force: true });
  listenForControl(controlPathOf(directory), tally, (line) => {
    if (line.do === 'cut') network?.cut(line.ports);
    if (line.do === 'commits') telemetry.wantCommits();
  });
  return {
    telemetry,
    wrapPorts(ports) {
      const watched = watchPorts(ports, facts, tally);
      network = watched.network;
      return watched.ports;
    },
  };
}
