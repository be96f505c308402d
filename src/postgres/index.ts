export { Cluster, type ClusterOptions, type ClusterSighting, cluster } from "./cluster.js";
export { ClusterLock, type ClusterOwner, type Hold } from "./cluster-lock.js";
