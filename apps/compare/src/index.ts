/**
 * Both modes side by side: one scenario, run in ZooKeeper mode and in KRaft mode, and one report about both.
 *
 * @packageDocumentation
 */
export { htmlReport } from './report/html.ts';
export { markdownReport } from './report/markdown.ts';
export type { Cell, Report, ReportHeader, ReportRow, ReportSection, ReportSide } from './report/report.ts';
export { type Spread, spreadOf } from './report/spread.ts';
export { terminalReport } from './report/terminal.ts';
export { type CompareOptions, compare } from './runner/compare.ts';
export { type Preset, type PresetName, presets } from './runner/presets.ts';
export { scenarios } from './scenarios/index.ts';
export type { Extent, Figures, Row, Scenario, ScenarioContext, Unit } from './scenarios/scenario.ts';
export { ApacheMissing, type ApacheSides, apacheSides } from './sides/apache.ts';
export { biquorumSide } from './sides/biquorum.ts';
export {
  Missing,
  type RunningSide,
  type Side,
  type SideName,
  type SideOptions,
  type Succession,
} from './sides/side.ts';
