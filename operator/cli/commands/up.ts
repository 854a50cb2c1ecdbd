import { type Command, choiceFlag, textFlag, UsageError } from '../command.ts';

/** `dotkube up` */
export const up: Command = {
  usage: 'DIR [flags]',
  description: [
    'Runs the mesh that the YAML files below DIR describe on this machine: every container of a Deployment, StatefulSet,',
    'DaemonSet or Pod as a process (its command; images are not run), with an Envoy beside every replica of a namespace that',
    'is labelled mesh.dot-kube.io/inject: enabled, under the same control plane that a cluster would have. What is',
    'saved takes effect within a second. Ctrl-C ends everything.',
    '',
    'Processes are told by their environment where to listen (HOST, PORT) and where to call a Service (NAME_SERVICE_HOST,',
    'NAME_SERVICE_PORT). A pod with the annotation local.dot-kube.io/listen: localhost may listen on 127.0.0.1.',
  ].join('\n'),
  flags: {
    'run-dir': { type: 'string', value: 'DIR', help: 'where logs and sockets go; default: .dotkube' },
    cwd: { type: 'string', value: 'DIR', help: 'where processes run; default: the root of the repository of DIR' },
    'trust-domain': { type: 'string', value: 'NAME', help: 'of all identities; default: cluster.local' },
    'log-level': {
      type: 'string',
      value: 'LEVEL',
      help: "of the control plane's log: info (default), debug, warn or error",
    },
    quiet: { type: 'boolean', short: 'q', help: 'no table of requests' },
  },
  async run(call, io) {
    const [folder, ...more] = call.arguments;
    if (folder === undefined || more.length > 0) throw new UsageError('which folder of manifests?');
    const { runUp } = await import('../up/run-up.ts');
    return await runUp(
      {
        folder,
        runDirectory: textFlag(call, 'run-dir'),
        workingDirectory: textFlag(call, 'cwd'),
        trustDomain: textFlag(call, 'trust-domain') ?? 'cluster.local',
        logLevel: choiceFlag(call, 'log-level', ['info', 'debug', 'warn', 'error']),
        quiet: call.flags['quiet'] === true,
        hints: [],
      },
      io,
    );
  },
};
