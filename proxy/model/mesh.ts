/** What holds for the whole mesh and is given at start. */
export interface MeshSettings {
  readonly trustDomain: string;
  /** `cluster.local`. */
  readonly clusterDomain: string;
  /** Where the addresses of Services are from; calls to other addresses are passed through. */
  readonly serviceCidrs: readonly string[];
}
