// Says which connections NetworkPolicies let in: JSON cases on standard input, one list of verdicts for each on standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	v1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// Where a connection begins or ends; without a namespace it is outside of the cluster.
type peer struct {
	IP              string            `json:"ip"`
	Namespace       string            `json:"namespace"`
	NamespaceLabels map[string]string `json:"namespaceLabels"`
	Labels          map[string]string `json:"labels"`
}

type connection struct {
	From     peer   `json:"from"`
	To       peer   `json:"to"`
	Port     int    `json:"port"`
	Protocol string `json:"protocol"`
}

type testCase struct {
	Policies    []*networkingv1.NetworkPolicy `json:"policies"`
	Connections []connection                  `json:"connections"`
}

func (p peer) traffic() *matcher.TrafficPeer {
	if p.Namespace == "" {
		return &matcher.TrafficPeer{IP: p.IP}
	}
	internal := &matcher.InternalPeer{PodLabels: p.Labels, NamespaceLabels: p.NamespaceLabels, Namespace: p.Namespace}
	return &matcher.TrafficPeer{IP: p.IP, Internal: internal}
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	verdicts := make([][]bool, len(cases))
	for index, each := range cases {
		policy := matcher.BuildNetworkPolicies(false, each.Policies)
		verdicts[index] = make([]bool, len(each.Connections))
		for number, asked := range each.Connections {
			traffic := &matcher.Traffic{
				Source:       asked.From.traffic(),
				Destination:  asked.To.traffic(),
				ResolvedPort: asked.Port,
				Protocol:     v1.Protocol(asked.Protocol),
			}
			verdicts[index][number] = policy.IsIngressOrEgressAllowed(traffic, true).IsAllowed()
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
