// The chained CNI plugin of dot-kube: it hands what the container runtime asks to the agent of its node, over a Unix socket, and
// what the agent answers back. The agent knows which pods have a proxy, and writes the rules; see the README beside it.
//
// It is a program of its own, without a dependency, as it must run on any node: container runtimes start it on the host.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"
)

// A pod waits so long for its network, and the kubelet asks again.
const patience = 10 * time.Second

// Codes of errors from 100 are a plugin's own: https://www.cni.dev/docs/spec/#error.
const codeAgent = 100

type configuration struct {
	CniVersion        string          `json:"cniVersion"`
	Socket            string          `json:"socket"`
	ExcludeNamespaces []string        `json:"excludeNamespaces"`
	PrevResult        json.RawMessage `json:"prevResult"`
}

// What the agent is asked; one JSON document, after which the plugin closes its half of the connection.
type request struct {
	Netns     string `json:"netns"`
	Namespace string `json:"namespace"`
	Pod       string `json:"pod"`
	Uid       string `json:"uid"`
}

// What it answers: nothing went wrong where there is no error.
type answer struct {
	Error string `json:"error"`
}

func main() {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		fail("1.0.0", err)
	}
	var config configuration
	if err := json.Unmarshal(input, &config); err != nil {
		fail("1.0.0", fmt.Errorf("the configuration is no JSON: %w", err))
	}
	switch os.Getenv("CNI_COMMAND") {
	case "VERSION":
		fmt.Println(`{"cniVersion":"1.1.0","supportedVersions":["0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}`)
	case "ADD":
		if err := capture(config); err != nil {
			fail(config.CniVersion, err)
		}
		// What the plugins before it have set up is the result.
		if len(config.PrevResult) == 0 {
			fail(config.CniVersion, errors.New("dot-kube-cni is a chained plugin, and nothing is before it in the list"))
		}
		fmt.Println(string(config.PrevResult))
	}
	// The rules go with the pod's network namespace: nothing is to be done for any other command.
}

func capture(config configuration) error {
	arguments := map[string]string{}
	for _, pair := range strings.Split(os.Getenv("CNI_ARGS"), ";") {
		if name, value, found := strings.Cut(pair, "="); found {
			arguments[name] = value
		}
	}
	asked := request{
		Netns:     os.Getenv("CNI_NETNS"),
		Namespace: arguments["K8S_POD_NAMESPACE"],
		Pod:       arguments["K8S_POD_NAME"],
		Uid:       arguments["K8S_POD_UID"],
	}
	// Not of a pod, or of one that never has a proxy: these start while the agent is away, too.
	if asked.Pod == "" || slices.Contains(config.ExcludeNamespaces, asked.Namespace) {
		return nil
	}
	return ask(config.Socket, asked)
}

func ask(socket string, asked request) error {
	connection, err := net.DialTimeout("unix", socket, patience)
	if err != nil {
		return fmt.Errorf("the agent dot-kube-cni of this node does not answer, and whether the pod is of the mesh is unknown: %w", err)
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if err := json.NewEncoder(connection).Encode(asked); err != nil {
		return fmt.Errorf("the agent dot-kube-cni of this node: %w", err)
	}
	if err := connection.(*net.UnixConn).CloseWrite(); err != nil {
		return fmt.Errorf("the agent dot-kube-cni of this node: %w", err)
	}
	var got answer
	if err := json.NewDecoder(connection).Decode(&got); err != nil {
		return fmt.Errorf("the agent dot-kube-cni of this node: %w", err)
	}
	if got.Error != "" {
		return errors.New(got.Error)
	}
	return nil
}

func fail(version string, err error) {
	answer := map[string]any{"cniVersion": version, "code": codeAgent, "msg": "dot-kube-cni: " + err.Error()}
	text, _ := json.Marshal(answer)
	fmt.Println(string(text))
	os.Exit(1)
}
