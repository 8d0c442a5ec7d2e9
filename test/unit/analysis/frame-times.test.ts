/** Which frame a thread worked for. Times in ms. */
import { describe, expect, test } from 'vitest';
import { findFrameTimes } from '../../../src/analysis/index.ts';
import { micros, type TraceRecipe, trace } from '../../builders/trace.ts';

const PAGE = 'https://shop.example/';
const AD = 'https://ads.example/frame.html';

const fires = (frame: string) => ({ args: { data: { timerId: 1, frame } } });
const recipe = (): TraceRecipe =>
  trace()
    .thread('CrRendererMain')
    .instant('CommitLoad', 0, {
      args: { data: { frame: 'P', url: PAGE, isMainFrame: true, isOutermostMainFrame: true } },
    })
    .instant('CommitLoad', 0, { args: { data: { frame: 'F', url: AD, isMainFrame: false } } });

async function framesAt(made: TraceRecipe, times: readonly number[]): Promise<string[]> {
  const frames = findFrameTimes(await made.read(), 0);
  return times.map((time) => frames.at(micros(time)));
}

describe('a task', () => {
  test('in which one frame is named is that frame’s, all of it', async () => {
    const made = recipe()
      .slice('RunTask', 10, 20)
      .slice('TimerFire', 12, 15, fires('F'))
      .slice('RunTask', 30, 40)
      .slice('TimerFire', 32, 35, fires('P'))
      .slice('FunctionCall', 33, 34);
    expect(await framesAt(made, [11, 13, 19, 25, 33.5, 39])).toEqual([
      `Frame: ${AD}`,
      `Frame: ${AD}`,
      `Frame: ${AD}`,
      '',
      `Page: ${PAGE}`,
      `Page: ${PAGE}`,
    ]);
  });

  test('of several frames is each one’s where it is named, and nobody’s between', async () => {
    const made = recipe()
      .slice('RunTask', 10, 30)
      .slice('TimerFire', 12, 15, fires('F'))
      .slice('TimerFire', 20, 25, fires('P'));
    expect(await framesAt(made, [11, 13, 17, 22, 29])).toEqual(['', `Frame: ${AD}`, '', `Page: ${PAGE}`, '']);
  });

  test('that parses one frame’s document and makes another frame is not the other’s', async () => {
    const made = recipe()
      .slice('RunTask', 10, 40)
      .slice('ParseHTML', 11, 30, { args: { beginData: { frame: 'P', url: PAGE } } })
      .slice('UpdateLayoutTree', 20, 21, { args: { beginData: { frame: 'F' } } })
      .slice('EvaluateScript', 22, 25, { args: { data: { url: PAGE, frame: 'P' } } })
      .slice('Paint', 32, 34, { args: { data: { frame: 'F' } } });
    const [page, ad] = [`Page: ${PAGE}`, `Frame: ${AD}`];
    expect(await framesAt(made, [10.5, 15, 20.5, 23, 29, 31, 33])).toEqual([
      '',
      page,
      ad,
      page,
      page,
      '',
      ad,
    ]);
  });

  test('that names none is nobody’s', async () => {
    expect(await framesAt(recipe().slice('RunTask', 10, 30).slice('FunctionCall', 12, 20), [15])).toEqual([
      '',
    ]);
  });
});

test('functions are of the frame in which their script was compiled', async () => {
  const made = recipe()
    .slice('RunTask', 10, 30)
    .slice('FunctionCall', 11, 29)
    .slice('ScriptCompiled', 11, 12, { args: { data: { scriptId: 7, frame: 'F' } } })
    .profile('0x1', 12)
    .profileChunk('0x1', 12, {
      nodes: [
        { id: 1, callFrame: { functionName: '(root)' } },
        {
          id: 2,
          parent: 1,
          callFrame: { functionName: 'ad', url: `${AD}ad.js`, lineNumber: 0, scriptId: 7 },
        },
      ],
      samples: [2, 2, 2],
      timeDeltas: [1000, 1000, 1000],
    });
  expect(await framesAt(made, [13.5])).toEqual([`Frame: ${AD}`]);
});
