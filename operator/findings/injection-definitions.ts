import { define } from './definition.ts';

/** What is found when a pod is to get its proxy: DK40xx stop the pod, DK41xx tell of it. */
export const INJECTION_DEFINITIONS = {
  DK4001: define({
    title: 'WrongExclusion',
    level: 'error',
    effect: 'unstored',
    message: '{entry} is no part of {form}',
    fix: 'write {form}',
  }),
  DK4002: define({
    title: 'WrongInjectLabel',
    level: 'error',
    effect: 'unstored',
    message: '{value} is neither enabled nor disabled',
    fix: 'write enabled or disabled, or remove the label for what the namespace says',
  }),
  DK4003: define({
    title: 'RunsAsProxy',
    level: 'error',
    effect: 'unstored',
    message: 'the container {container} runs as the user {uid}, whose connections pass the proxy by',
    fix: 'run {container} as another user',
  }),
  DK4004: define({
    title: 'PortOfProxy',
    level: 'error',
    effect: 'unstored',
    message: 'port {port} belongs to the proxy',
    fix: 'use another port than {port}',
  }),
  DK4005: define({
    title: 'ProbeNotForwarded',
    level: 'error',
    effect: 'unstored',
    message: 'the proxy cannot pass on {target}: it holds what cannot stand in a URL',
    fix: 'write it in percent-encoding',
  }),
  DK4006: define({
    title: 'ProbePortNotFound',
    level: 'error',
    effect: 'unstored',
    message: 'the container {container} has no port of the name {port}',
    fix: 'name a port of {container}, or write its number',
  }),
  DK4007: define({
    title: 'NotInjected',
    level: 'error',
    effect: 'unstored',
    message: 'the pod is to have a proxy, and nothing gave it one',
    fix: 'look whether the MutatingAdmissionPolicy and its bindings are in the cluster: dotkube check',
  }),
  DK4101: define({
    title: 'OnHostNetwork',
    level: 'info',
    effect: 'noted',
    message: 'the pod gets no proxy, as it has the network of its node',
    fix: 'remove hostNetwork, or label the pod mesh.dot-kube.io/inject: disabled to say that it is meant',
  }),
  DK4102: define({
    title: 'MadeWithoutProxy',
    level: 'warning',
    effect: 'noted',
    message: 'the pod has no proxy: it was made before somebody asked for one, or by who need not ask',
    fix: 'have it made anew, as kubectl rollout restart does',
  }),
  DK4103: define({
    title: 'ProxyOfAnotherVersion',
    level: 'info',
    effect: 'noted',
    message: 'the proxy is of the version {version}, and pods that are made now get {current}',
    fix: 'have the pod made anew, as kubectl rollout restart does; until then it is served as before',
  }),
};
