/**
 * Starts a cluster in a mode, on the ports of production or on those of the simulator as the arguments say, and prints
 * the classes of the project of which anything was constructed: `package/file#Class`, sorted.
 */
import { registerHooks } from 'node:module';

const PACKAGES =
  /\/packages\/(broker|cluster|consensus|control-plane|coordinators|kafka-network|kraft|log|metadata|raft|zookeeper-client|zookeeper-controller)\/src\/(.*)$/;
const CLASS = /^((?:export )?(?:abstract )?class (\w+)[^\n]*\{)$/gm;

const constructed = new Set<string>();
Object.assign(globalThis, { noteConstructed: (name: string) => constructed.add(name) });
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const place = PACKAGES.exec(url);
    if (place === null || loaded.source == null) return loaded;
    const text = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    const source = text.replace(CLASS, (_, head, name) => {
      return `${head} ['constructed ${name}'] = globalThis.noteConstructed('${place[1]}/${place[2]}#${name}');`;
    });
    return { ...loaded, source };
  },
});

const { inProduction, inSimulation } = await import('./two-worlds.ts');
const [world, mode] = process.argv.slice(2);
if (mode !== 'kraft' && mode !== 'zookeeper') throw new Error(`no mode ${mode}`);
await (world === 'production' ? inProduction(mode) : inSimulation(mode));
// How a cluster holds its nodes is its own affair, and errors come as they will.
const classes = [...constructed].filter(
  (name) =>
    !/^cluster\/(?!kraft|zookeeper\/zookeeper-server)/.test(name) &&
    !/(Error|Fault|Refused|StateChangeFailed|ControllerMoved)$/.test(name),
);
console.log(JSON.stringify(classes.sort()));
process.exit(0);
