// Made from gyre/console/wire.h by `gyre console --types`; do not edit. The meaning of each
// field is told there.

export interface FieldInfo {
  name: string;
  unit: string;
  kind: string;
  min: number;
  max: number;
  gripper: boolean;
}

export interface RobotInfo {
  id: number;
  name: string;
  embodiment: string;
  policy: string;
  control_period_s: number;
  action_period_s: number;
  state: FieldInfo[];
  action: FieldInfo[];
  cameras: string[];
  camera_right: number[][];
  nudges: string[];
  vocabulary: string[];
  recorded: boolean;
  gone: boolean;
}

export interface Hello {
  type: "hello";
  viewer: number;
  role: string;
  author: string;
  named: boolean;
  session: boolean;
  robots: RobotInfo[];
}

export interface Status {
  type: "status";
  robot: number;
  time_s: number;
  mode: string;
  source: string;
  reasons: string;
  goal: string;
  task: string;
  coached_s: number;
  episode: number;
  rung: number;
  state_age_s: number;
  picture_age_s: number;
  chunk_age_s: number;
  inference_ms: number;
  queue_ms: number;
  prefix_ms: number;
  sample_ms: number;
  network_ms: number;
  held_ticks: number;
  dropped_chunks: number;
  verdicts: number;
  successes: number;
  alarm: string;
  alarm_age_s: number;
  help: string;
  holder: number;
  asking: number;
}

export interface Samples {
  type: "samples";
  robot: number;
  time_s: number[];
  state: number[][];
  sent: number[][];
  wanted: number[][];
  source: string[];
}

export interface EventLine {
  type: "eventline";
  robot: number;
  time_s: number;
  author: string;
  what: string;
  text: string;
}

export interface ShapeInfo {
  link: number;
  kind: string;
  size: number[];
  position: number[];
  rotation: number[];
  rgba: number[];
}

export interface SceneShapes {
  type: "sceneshapes";
  robot: number;
  links: string[];
  shapes: ShapeInfo[];
}

export interface ScenePoses {
  type: "sceneposes";
  robot: number;
  time_s: number;
  poses: number[];
}

export interface GripperPath {
  type: "gripperpath";
  robot: number;
  time_s: number;
  points: number[];
}

export interface Refused {
  type: "refused";
  text: string;
}

export type FromServer = Hello | Status | Samples | EventLine | SceneShapes | ScenePoses |
  GripperPath | Refused;

export interface Command {
  robot: number;
  verb: string;
  order: string;
  words: string;
  outcome: string;
  action: number[];
  camera: number;
  again: boolean;
  sequence: number;
  scene: boolean;
}

export interface FolderLine {
  id: number;
  path: string;
  kind: string;
  embodiment: string;
  fps: number;
  problem: string;
}

export interface EpisodeList {
  folders: FolderLine[];
  tasks: string[];
  folder: number[];
  index: number[];
  task: number[];
  seconds: number[];
  outcome: number[];
  by_hand: number[];
  alarms: number[];
  here: number[];
  quality: number[];
  excluded: number[];
  need: number[];
}

export interface FoundEpisodes {
  found: number[];
  note: string;
}

export interface Band {
  from: number;
  to: number;
  text: string;
}

export interface Mark {
  row: number;
  kind: string;
  text: string;
  author: string;
}

export interface RecordedEpisode {
  folder: number;
  index: number;
  fps: number;
  task: string;
  outcome: string;
  cameras: string[];
  state_fields: FieldInfo[];
  action_fields: FieldInfo[];
  state: number[][];
  sent: number[][];
  wanted: number[][];
  sources: Band[];
  subtasks: Band[];
  marks: Mark[];
  batch: number;
}

export interface LabelLine {
  name: string;
  type: string;
  author: string;
  kind: string;
  time: string;
  whole: boolean;
  from: number;
  to: number;
  text: string;
}

export interface EpisodeLabels {
  labels: LabelLine[];
}

export interface Judgement {
  folder: number;
  index: number;
  verb: string;
  author: string;
  text: string;
  value: number;
  from: number;
  to: number;
}

export interface RateLine {
  suite: string;
  created: string;
  episodes: number;
  successes: number;
  rate: number;
  low: number;
  high: number;
}

export interface PolicyLine {
  hash: string;
  parent: string;
  folder: string;
  created: string;
  run: string;
  here: boolean;
  in_use: boolean;
  verdict: string;
  reason: string;
  rates: RateLine[];
}

export interface UseLine {
  kind: string;
  before: string;
  after: string;
  author: string;
  reason: string;
  created: string;
}

export interface ComparisonLine {
  suite: string;
  rates: RateLine[];
  difference: number;
  low: number;
  high: number;
}

export interface ClipLine {
  title: string;
  caption: string;
  path: string;
}

export interface RunLine {
  name: string;
  words: string;
  decided: string;
  before: string;
  after: string;
  promoted: boolean;
  reason: string;
  comparisons: ComparisonLine[];
  clips: ClipLine[];
  report: string;
}

export interface StageLine {
  stage: string;
  expected_s: number;
  spent_s: number;
  done: boolean;
  running: boolean;
}

export interface FlywheelState {
  runs: string;
  may_administer: boolean;
  problem: string;
  policies: PolicyLine[];
  uses: UseLine[];
  turns: RunLine[];
  training: string;
  phase: string;
  run: string;
  command: string;
  what: string;
  unit: string;
  stopped_by: string;
  stages: StageLine[];
  done: number;
  total: number;
  left_s: number;
  started_here: boolean;
  refusal: string;
  suites: string[];
  recipes: string[];
  collect_episodes: number;
  trained_episodes: number;
  frontier_episodes: number;
  minutes: number;
}

export interface ScopeLine {
  verb: string;
  object: string;
  place: string;
  robot: string;
  speed: number;
  successes: number;
  attempts: number;
  mean: number;
  low: number;
  high: number;
  verdict: string;
}

export interface ScopeState {
  policy: string;
  real: boolean;
  asked_rate: number;
  cells: ScopeLine[];
}

export interface Curve {
  name: string;
  steps: number[];
  values: number[];
}

export interface TrainingCurves {
  curves: Curve[];
  age_s: number;
}

export interface TurnCommand {
  verb: string;
  policy: string;
  frontier_suite: string;
  recipe: string;
  collect_episodes: number;
  trained_episodes: number;
  frontier_episodes: number;
  minutes: number;
}

export interface CostAnswer {
  seconds: number;
  stages: StageLine[];
  cores: number;
  bytes: number;
  free_bytes: number;
  basis: string;
}

export interface UseCommand {
  policy: string;
  reason: string;
}

export const pictureHeadBytes = 16;
