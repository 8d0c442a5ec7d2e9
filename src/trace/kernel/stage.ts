/**
 * The stage: where rows lie, a batch at a time, while JavaScript copies them out.
 * In: rows of any table. Out: columns as in SliceTable, one behind the other.
 */
import { allocate } from './memory.ts';

/** Rows of the stage, and twice what one call of `writeSlices` writes at most. */
export const STAGE_ROWS: u32 = 8192;

export const stageStart: usize = allocate(STAGE_ROWS * 8);
export const stageDuration: usize = allocate(STAGE_ROWS * 8);
export const stageDetail: usize = allocate(STAGE_ROWS * 8);
export const stageParent: usize = allocate(STAGE_ROWS * 4);
export const stageSubtreeEnd: usize = allocate(STAGE_ROWS * 4);
export const stageName: usize = allocate(STAGE_ROWS * 4);
export const stageCategory: usize = allocate(STAGE_ROWS * 4);
export const stageThread: usize = allocate(STAGE_ROWS * 2);
export const stageDepth: usize = allocate(STAGE_ROWS * 2);
export const stageFlags: usize = allocate(STAGE_ROWS);
