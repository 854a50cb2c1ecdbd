// Says which connections NetworkPolicies let in: JSON cases on standard input, one text of verdicts for each on standard output.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	v1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Where a connection begins or ends; without a namespace it is outside of the cluster.
type peer struct {
	IP              string            `json:"ip"`
	Namespace       string            `json:"namespace"`
	NamespaceLabels map[string]string `json:"namespaceLabels"`
	Labels          map[string]string `json:"labels"`
}

type port struct {
	Number   int         `json:"number"`
	Protocol v1.Protocol `json:"protocol"`
}

// Every one of From connects to every one of To at every one of Ports.
type testCase struct {
	Policies []*networkingv1.NetworkPolicy `json:"policies"`
	From     []peer                        `json:"from"`
	To       []peer                        `json:"to"`
	Ports    []port                        `json:"ports"`
}

func (p peer) traffic() *matcher.TrafficPeer {
	if p.Namespace == "" {
		return &matcher.TrafficPeer{IP: p.IP}
	}
	internal := &matcher.InternalPeer{PodLabels: p.Labels, NamespaceLabels: p.NamespaceLabels, Namespace: p.Namespace}
	return &matcher.TrafficPeer{IP: p.IP, Internal: internal}
}

// Label selectors are answered by Kubernetes' own code, as cyclonus takes a NotIn for no match where the label is missing: every
// selector becomes a label of its own, which peers carry that it selects.
type selectors struct {
	known map[string]string
	peers []*peer
}

func (s *selectors) replace(selector *metav1.LabelSelector, labelsOf func(*peer) map[string]string) error {
	if selector == nil || (len(selector.MatchLabels) == 0 && len(selector.MatchExpressions) == 0) {
		return nil
	}
	compiled, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return err
	}
	text := compiled.String()
	key, isKnown := s.known[text]
	if !isKnown {
		key = fmt.Sprintf("selected-by-%d", len(s.known))
		s.known[text] = key
	}
	for _, each := range s.peers {
		own := labelsOf(each)
		if each.Namespace != "" && compiled.Matches(labels.Set(own)) {
			own[key] = "true"
		}
	}
	*selector = metav1.LabelSelector{MatchLabels: map[string]string{key: "true"}}
	return nil
}

func (c testCase) replaceSelectors() error {
	all := selectors{known: map[string]string{}}
	for _, list := range [][]peer{c.From, c.To} {
		for index := range list {
			if list[index].Labels == nil {
				list[index].Labels = map[string]string{}
			}
			all.peers = append(all.peers, &list[index])
		}
	}
	ofPod := func(p *peer) map[string]string { return p.Labels }
	ofNamespace := func(p *peer) map[string]string { return p.NamespaceLabels }
	for _, policy := range c.Policies {
		errs := []error{all.replace(&policy.Spec.PodSelector, ofPod)}
		for _, rule := range policy.Spec.Ingress {
			for _, from := range rule.From {
				errs = append(errs, all.replace(from.PodSelector, ofPod), all.replace(from.NamespaceSelector, ofNamespace))
			}
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
	return nil
}

// The verdicts in the order of From, To and Ports, the last one the fastest: 1 is let in, 0 is not.
func (c testCase) verdicts() string {
	policy := matcher.BuildNetworkPolicies(false, c.Policies)
	text := strings.Builder{}
	for _, from := range c.From {
		for _, to := range c.To {
			for _, asked := range c.Ports {
				traffic := &matcher.Traffic{
					Source:       from.traffic(),
					Destination:  to.traffic(),
					ResolvedPort: asked.Number,
					Protocol:     asked.Protocol,
				}
				if policy.IsIngressOrEgressAllowed(traffic, true).IsAllowed() {
					text.WriteByte('1')
				} else {
					text.WriteByte('0')
				}
			}
		}
	}
	return text.String()
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	verdicts := make([]string, len(cases))
	for index, each := range cases {
		if err := each.replaceSelectors(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		verdicts[index] = each.verdicts()
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
