import { NO_NODE, type NodeIndex, type NodeTable } from './node-table.ts';

/** A node with its path. */
export interface Walked {
  readonly node: NodeIndex;
  readonly path: string;
}

/** A node whose children are being walked. */
interface Frame {
  readonly node: NodeIndex;
  /** Tells it from a later one with the same index. */
  readonly czxid: number;
  /** Its path, empty for the root. */
  readonly path: string;
  /** Its children stand in the stack from here on. */
  readonly base: number;
}

/**
 * A node and all below it, parents before children. The nodes may change between two steps: what is made or removed
 * meanwhile may come or not, but no node comes without its parent, nor twice. Four bytes for each child of the nodes
 * above the one that is given out are all that it keeps.
 */
export function* walkTree(nodes: NodeTable, top: NodeIndex): Generator<Walked, void, void> {
  const frames: Frame[] = [];
  let stack = new Int32Array(64);
  let size = 0;
  const enter = (node: NodeIndex, path: string): void => {
    const count = nodes.childCount(node);
    if (count === 0) return;
    frames.push({ node, czxid: nodes.czxid[node] as number, path, base: size });
    if (size + count > stack.length) {
      const longer = new Int32Array(Math.max(stack.length * 2, size + count));
      longer.set(stack.subarray(0, size));
      stack = longer;
    }
    let at = size + count;
    for (let child = nodes.firstChild(node); child !== NO_NODE; child = nodes.nextChild(child)) stack[--at] = child;
    size += count;
  };
  const topPath = nodes.path(top);
  // What stands in the snapshot of a node's children is of the moment in which the node itself is given out.
  enter(top, topPath === '/' ? '' : topPath);
  yield { node: top, path: topPath };
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (size === frame.base) {
      frames.pop();
      continue;
    }
    const node = stack[--size] as NodeIndex;
    // Its index, or that of its parent, may be another node's by now.
    if (nodes.parent[node] !== frame.node || nodes.czxid[frame.node] !== frame.czxid) continue;
    const path = `${frame.path}/${nodes.name(node)}`;
    enter(node, path);
    yield { node, path };
  }
}
