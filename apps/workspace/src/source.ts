import ts from 'typescript';

/** One import of a module, whatever its form. */
export interface Import {
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
}

const parsed = new Map<string, { readonly text: string; readonly file: ts.SourceFile }>();

/** The syntax tree of a TypeScript file; kept, since several rules read the same files. */
export function parse(path: string, text: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known !== undefined && known.text === text) return known.file;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  parsed.set(path, { text, file });
  return file;
}

/** Line of a node, counted from 1. */
export function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

/** Calls `visitor` for a node and everything below it. */
export function walk(node: ts.Node, visitor: (node: ts.Node) => void): void {
  visitor(node);
  ts.forEachChild(node, (child) => walk(child, visitor));
}

/**
 * Every module that a file refers to: imports and re-exports, of values and of types alike, `import()` as an expression
 * and as a type, `require`, and `/// <reference types>`.
 */
export function importsOf(path: string, text: string): readonly Import[] {
  const file = parse(path, text);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      found.push({ specifier: specifier.text, line: lineOf(file, specifier) });
    }
  };
  for (const directive of file.typeReferenceDirectives) {
    const line = file.getLineAndCharacterOfPosition(directive.pos).line + 1;
    found.push({ specifier: directive.fileName === 'node' ? 'node:module' : directive.fileName, line });
  }
  walk(file, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isCallExpression(node) && isModuleCall(node.expression)) add(node.arguments[0]);
  });
  return found;
}

function isModuleCall(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}
