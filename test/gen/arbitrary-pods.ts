import * as fc from 'fast-check';
import { jsonClone } from '../../operator/framework/api/json.ts';
import type { ContainerShape, HandlerShape, PodShape } from '../../operator/webhooks/injection/pod-shape.ts';

const port = fc.integer({ min: 1, max: 14_999 });
/** Kubernetes takes what is none of these for the same as one of them. */
const path = fc.constantFrom('/', '/healthz', '/healthz?deep=1&of=%20a', '/a/b/c', '/x-1_2.3~4/(5)!', '/tcp/5432/10/1');

const httpGet = fc.record(
  {
    port: fc.oneof(port, fc.constant('web')),
    path,
    scheme: fc.constant('HTTPS'),
    httpHeaders: fc.constant([{ name: 'X-Probe', value: 'a' }]),
    host: fc.constant('192.0.2.7'),
  },
  { requiredKeys: ['port', 'path'] },
);

const remote: fc.Arbitrary<HandlerShape> = fc.oneof(
  httpGet.map((get) => ({ httpGet: get })),
  fc.record({ tcpSocket: fc.record({ port: fc.oneof(port, fc.constant('web')) }) }),
  fc.record({
    grpc: fc.record({ port, service: fc.constantFrom('a', 'shop.v1.Reviews', 'a/b/c') }, { requiredKeys: ['port'] }),
  }),
);

const exec: fc.Arbitrary<HandlerShape> = fc.constant({ exec: { command: ['true'] } });

const probe = fc
  .tuple(
    fc.oneof(remote, exec),
    fc.record(
      { periodSeconds: fc.integer({ min: 1, max: 30 }), timeoutSeconds: fc.integer({ min: 1, max: 5 }) },
      { requiredKeys: [] },
    ),
  )
  .map(([handler, timing]) => ({ ...handler, ...timing }));

const hook = fc.oneof(
  exec,
  httpGet.map((get) => ({ httpGet: get })),
  fc.constant({ sleep: { seconds: 3 } }),
);

const web = { name: 'web', containerPort: 8080 };

/** A container that may name its port `web`. */
function container(name: string): fc.Arbitrary<ContainerShape> {
  const lifecycle = fc.oneof(
    fc.record({ preStop: hook }),
    fc.record({ postStart: hook }),
    fc.record({ preStop: hook, postStart: hook }),
  );
  return fc.record(
    {
      name: fc.constant(name),
      image: fc.constant('registry.example/app:1'),
      ports: fc.constant([web]),
      livenessProbe: probe,
      readinessProbe: probe,
      startupProbe: probe,
      lifecycle,
    },
    { requiredKeys: ['name', 'image', 'ports'] },
  );
}

const initContainer = (name: string): fc.Arbitrary<ContainerShape> =>
  fc.oneof(
    fc.constant({ name, image: 'registry.example/init:1' }),
    container(name).map((sidecar) => ({ ...sidecar, restartPolicy: 'Always' })),
  );

/** As many as there are names, with a name each. */
function several(
  names: readonly string[],
  one: (name: string) => fc.Arbitrary<ContainerShape>,
): fc.Arbitrary<readonly ContainerShape[]> {
  return fc.subarray([...names], { minLength: 1 }).chain((chosen) => fc.tuple(...chosen.map((name) => one(name))));
}

const labels = fc.constantFrom({ app: 'reviews' }, { app: 'a', version: 'v1' });
const annotations = fc.record(
  {
    'example.com/note': fc.constant('a'),
    'mesh.dot-kube.io/exclude-inbound-ports': fc.constantFrom('22', '22, 9000-9100'),
    'mesh.dot-kube.io/exclude-outbound-cidrs': fc.constantFrom('10.0.0.0/8', 'fd00::/8 ,192.0.2.1'),
  },
  { requiredKeys: ['example.com/note'] },
) as fc.Arbitrary<Readonly<Record<string, string>>>;

/** Pods that can get a proxy and have none, in the words of people: what has a default is not written out. */
export const arbitraryPod: fc.Arbitrary<PodShape> = fc
  .record({
    metadata: fc.record({ name: fc.constant('reviews'), labels, annotations }, { requiredKeys: ['name'] }),
    spec: fc.record(
      {
        containers: several(['app', 'b', 'http', 'x-1'], container),
        initContainers: several(['first', 'tcp', 'z'], initContainer),
        volumes: fc.constant([{ name: 'data', emptyDir: {} }]),
        terminationGracePeriodSeconds: fc.constantFrom(4, 5, 6, 60),
      },
      { requiredKeys: ['containers'] },
    ),
  })
  // Objects of this library may have no prototype.
  .map(jsonClone);
