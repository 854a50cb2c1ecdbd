module dot-kube/cni-plugin

go 1.24
