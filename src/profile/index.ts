/** The door of profile/: stack profiles, call trees over them, and their file formats. */

export {
  buildCallTree,
  buildSandwich,
  type CallTree,
  type CallTreeOptions,
  type SiblingOrder,
} from './call-tree.ts';
export { type FunctionTable, type LineTable, tabulateFunctions, tabulateLines } from './function-table.ts';
export {
  type FrameFacts,
  NO_CATEGORY,
  ProfileBuilder,
  type ProfileHead,
  StackInterner,
} from './profile-builder.ts';
export { profileOfRange } from './range-profile.ts';
export * from './stack-profile.ts';
export {
  applyTransforms,
  type FunctionRef,
  findFunction,
  functionOf,
  type ProfileTransform,
} from './transforms.ts';
