/** How a pod's connections are redirected to its proxy: pure functions from what is captured to the rules. */
export type { Capture, CaptureExclusions, IpFamily } from './capture.ts';
export { type IptablesRules, iptablesRules, iptablesScript, iptablesUndoScript } from './iptables.ts';
export { NFT_TABLE, nftScript, nftUndoScript } from './nftables.ts';
