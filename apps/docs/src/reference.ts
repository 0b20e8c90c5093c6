import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Application,
  type DeclarationReflection,
  LogLevel,
  normalizePath,
  type ProjectReflection,
  ReflectionKind,
  type TypeDocOptions,
} from 'typedoc';

/** One package of which a reference is made. */
export interface DocumentedPackage {
  /** Name with the scope, as users import it. */
  readonly name: string;
  /** Absolute folder. */
  readonly folder: string;
  /** Absolute paths of the modules that it exports. */
  readonly entryPoints: readonly string[];
}

const shared: Partial<TypeDocOptions> = {
  logLevel: LogLevel.Warn,
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  // The types were checked by the compiler that the workspace builds with.
  skipErrorChecking: true,
  // Types that only hold others together may stay unexported: their fields show where they are used.
  validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true },
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
};

/** What was read of one package. */
export interface ConvertedPackage {
  readonly name: string;
  /** Absent when the package could not be read at all. */
  readonly json: unknown;
  /** Whether every export has a comment and every link leads somewhere; what does not, is on the console. */
  readonly clean: boolean;
}

/**
 * Reads one package and checks its comments.
 *
 * Other packages are seen through their sources, so nothing needs to be built first.
 */
export async function convertPackage(target: DocumentedPackage): Promise<ConvertedPackage> {
  const readme = join(target.folder, 'README.md');
  const app = await Application.bootstrap({
    ...shared,
    name: target.name,
    basePath: join(target.folder, 'src'),
    entryPoints: [...target.entryPoints],
    tsconfig: writeProject(target),
    readme: existsSync(readme) ? readme : 'none',
  });
  const project = await app.convert();
  if (project === undefined) return { name: target.name, json: undefined, clean: false };
  app.validate(project);
  for (const gap of exportsWithoutComment(project)) app.logger.warn(`${target.name}: ${gap} has no comment`);
  return {
    name: target.name,
    json: app.serializer.projectToObject(project, normalizePath(process.cwd())),
    clean: !app.logger.hasErrors() && !app.logger.hasWarnings(),
  };
}

/**
 * Names of exports without a comment. typedoc has a check of its own, but it cannot tell an exported function from a
 * method; members may speak through their names and types.
 */
function exportsWithoutComment(project: ProjectReflection): readonly string[] {
  const entries = project.children ?? [];
  const modules = entries.filter((entry) => entry.kindOf(ReflectionKind.Module));
  const exported = modules.length > 0 ? modules.flatMap((module) => module.children ?? []) : entries;
  return exported
    .filter((reflection) => !reflection.isReference() && !isDocumented(reflection))
    .map((reflection) => reflection.getFullName());
}

function isDocumented(reflection: DeclarationReflection): boolean {
  if (reflection.kindOf(ReflectionKind.Function)) {
    return (reflection.signatures ?? []).every((signature) => signature.hasComment());
  }
  return reflection.hasComment();
}

/**
 * A project file that takes a package's sources in as they are: without references, which would lead to declarations
 * that are not built yet, and with every module of the package, however many projects it compiles as.
 */
function writeProject({ name, folder }: DocumentedPackage): string {
  const path = join(scratch, 'projects', `${name.replace('/', '-')}.json`);
  const own = JSON.parse(readFileSync(join(folder, 'tsconfig.json'), 'utf8')) as {
    compilerOptions?: { types?: readonly string[] };
  };
  const types = own.compilerOptions?.types ?? [];
  const project = {
    extends: join(folder, 'tsconfig.json'),
    compilerOptions: { composite: false, isolatedDeclarations: false, noEmit: true, rootDir: '/', types },
    include: [join(folder, 'src'), ...(types.includes('node') ? [] : [webGlobals])],
    exclude: [],
    references: [],
  };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(project, null, 2));
  return path;
}

const scratch = fileURLToPath(new URL('../dist/scratch', import.meta.url));
const webGlobals = fileURLToPath(new URL('../../../web-globals.d.ts', import.meta.url));

/** What the pages around the packages are made from. */
export interface Cover {
  /** Title of the whole reference. */
  readonly name: string;
  /** Absolute path of the page shown first. */
  readonly readme: string;
  /** Absolute paths of further Markdown pages. */
  readonly documents: readonly string[];
}

/**
 * Renders converted packages into one site that needs no network and no server.
 *
 * @param converted - Results of {@link convertPackage}.
 * @param folder - Where the site goes; emptied first.
 * @returns Whether everything was rendered without a warning.
 */
export async function renderSite(
  converted: readonly ConvertedPackage[],
  cover: Cover,
  folder: string,
): Promise<boolean> {
  const parts = join(scratch, 'parts');
  rmSync(parts, { recursive: true, force: true });
  mkdirSync(parts, { recursive: true });
  const entryPoints = converted.map(({ name, json }) => {
    const path = join(parts, `${name.replace('/', '-')}.json`);
    writeFileSync(path, JSON.stringify(json));
    return path;
  });
  const app = await Application.bootstrap({
    ...shared,
    name: cover.name,
    entryPointStrategy: 'merge',
    entryPoints,
    readme: cover.readme,
    projectDocuments: [...cover.documents],
    ignoredHighlightLanguages: ['mermaid'],
    hideGenerator: true,
    searchInComments: true,
    searchInDocuments: true,
    // A setting such as client.id is no host.
    markdownItOptions: { html: true, linkify: false },
    navigation: { includeCategories: false, includeGroups: false, includeFolders: true },
  });
  const project = await app.convert();
  if (project === undefined) return false;
  await app.generateDocs(project, folder);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}
