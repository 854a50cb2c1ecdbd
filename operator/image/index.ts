/** What the images of the operator and of the CNI agent hold, and the layer of Node.js for others. */
export { CNI_IMAGE, CNI_LAYER } from './cni-image.ts';
export { NODE_ENVIRONMENT, NODE_LAYER } from './node-layer.ts';
export { OPERATOR_ENVIRONMENT, OPERATOR_IMAGE, OPERATOR_LAYER, OPERATOR_NODE_FLAGS } from './operator-image.ts';
