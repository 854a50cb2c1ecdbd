/** What the operator's image holds, and the layer of Node.js for others. */
export { NODE_ENVIRONMENT, NODE_LAYER } from './node-layer.ts';
export { OPERATOR_IMAGE, OPERATOR_LAYER } from './operator-image.ts';
