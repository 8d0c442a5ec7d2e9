/**
 * The command line's entry. In: the process's arguments. Out: what the command prints, and its exit code: 0 done, 1 the
 * work failed (one line on stderr), 2 wrong usage.
 */
import { makeFailure } from '../base/index.ts';
import { readArguments } from './arguments.ts';
import { runDiff } from './diff.ts';
import { runExport } from './export.ts';
import { runFind } from './find.ts';
import { runList } from './list.ts';
import { runPush } from './push.ts';
import { runRecord } from './record.ts';
import { printable, reportFailure } from './report.ts';
import { runSummary } from './summary.ts';
import { runTop } from './top.ts';
import { helpOf } from './usage.ts';

async function main(args: readonly string[]): Promise<number> {
  const command = readArguments(args);
  switch (command.name) {
    case 'help':
      process.stdout.write(helpOf(command.of));
      return 0;
    case 'version':
      process.stdout.write(`${PAGEFLAME_VERSION}\n`);
      return 0;
    case 'record':
      return runRecord(command.options);
    case 'push':
      return runPush(command.options);
    case 'summary':
      return runSummary(command.options);
    case 'export':
      return runExport(command.options);
    case 'diff':
      return runDiff(command.options);
    case 'top':
      return runTop(command.options);
    case 'list':
      return runList(command.options);
    case 'find':
      return runFind(command.options);
    case 'wrong-usage':
      process.stderr.write(
        `pageflame: ${printable(command.reason)}. See pageflame ${command.of === null ? '' : `${command.of} `}--help.\n`,
      );
      return 2;
  }
}

// Whoever reads our output may stop reading (`pageflame … | head`): that is no failure of ours. A full disk is one.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.exit(reportFailure(makeFailure('write-failed', { subject: 'stdout', detail: error.message })));
});

process.exitCode = await main(process.argv.slice(2));
