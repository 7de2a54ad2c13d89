import { Command, CommanderError } from 'commander';
import { championCommand } from './commands/champion.js';
import { doctorCommand } from './commands/doctor.js';
import { driftCommand } from './commands/drift.js';
import { experiencesCommand } from './commands/experiences/experiences.js';
import { exportCommand } from './commands/export.js';
import { gateCommand } from './commands/gate.js';
import { learnCommand } from './commands/learn.js';
import { learnerVerbCommands } from './commands/learner/verbs.js';
import { lessonsCommand } from './commands/experiences/lessons.js';
import { modelsCommand } from './commands/models.js';
import { reproduceCommand } from './commands/reproduce.js';
import { rollbackCommand } from './commands/rollback.js';
import { startCommand } from './commands/start.js';
import { statusCommand } from './commands/status.js';
import { trainCommand } from './commands/train.js';
import { triggerCommand } from './commands/learner/trigger.js';
import { transferCommand, transfersCommand } from './commands/transfers.js';
import { validateCommand } from './commands/validate.js';
import { verifyEvidenceCommand } from './commands/verify-evidence.js';
import { readEnvironment } from '../config/environment.js';
import { exitCodeOf, exitCodes, messageOf, type ExitCode } from './exit-codes.js';
import type { Invocation } from './invocation.js';
import { streamTerminal, type Output } from './terminal/terminal.js';
import { version } from './version.js';

/** Every command, in the order in which help shows them. */
const commands = [
  startCommand,
  statusCommand,
  modelsCommand,
  championCommand,
  rollbackCommand,
  ...learnerVerbCommands,
  triggerCommand,
  trainCommand,
  transfersCommand,
  transferCommand,
  gateCommand,
  driftCommand,
  experiencesCommand,
  lessonsCommand,
  learnCommand,
  validateCommand,
  exportCommand,
  verifyEvidenceCommand,
  reproduceCommand,
  doctorCommand,
] as const;

/** Where a command line is run from, and what it writes to. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
}

const ownProcess: Surroundings = { variables: process.env, stdout: process.stdout, stderr: process.stderr };

/** Runs one command line (without `node` and the script) and resolves to its exit code; errors are told in one paragraph. */
export const runCli = async (words: readonly string[], { variables, stdout, stderr }: Surroundings = ownProcess): Promise<ExitCode> => {
  let code: ExitCode = exitCodes.done;
  const environment = readEnvironment(variables);
  const invocation: Invocation = {
    environment,
    terminal: streamTerminal(stdout, environment),
    end: (ended) => void (code = ended),
  };
  const program = new Command('ratchet')
    .description('keeps trading models learning, and lets nothing into production by luck')
    .version(version)
    .enablePositionalOptions() // `ratchet export --version v7` is the command's own
    .showHelpAfterError('(ratchet --help says what there is)');
  for (const command of commands) program.addCommand(command(invocation));
  for (const command of program.commands.flatMap(withSubcommands))
    command.allowExcessArguments(false).showHelpAfterError('(--help says what there is)');
  for (const command of withSubcommands(program))
    command.exitOverride().configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(text) });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usedWrongly;
    stderr.write(`ratchet: ${messageOf(error)}\n`);
    return exitCodeOf(error);
  }
};

/** A command and all under it, which inherit nothing of it when they are added. */
const withSubcommands = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(withSubcommands)];
