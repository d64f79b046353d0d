package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/cli"
)

// What --dry-run may be.
const (
	dryRunNone   = "none"
	dryRunClient = "client"
	dryRunServer = "server"
)

var (
	errStillThere = errors.New("it is still there; is the syncer running? --without-syncer does without it")
	errOthersHold = errors.New("finalizers of others hold it, which release leaves alone")
)

// releaseOptions are the flags of `release`.
type releaseOptions struct {
	from          connection
	wait          bool
	timeout       time.Duration
	yes           bool
	withoutSyncer bool
	dryRun        string
}

func newRelease() *cobra.Command {
	o := releaseOptions{from: newConnection()}
	command := &cobra.Command{
		Use:   "release NAME",
		Short: "Let a KafkaTopic go whose deletion is stuck, and keep its topic",
		Long: `Let a KafkaTopic go whose deletion is stuck, and keep its topic: sets deletionPolicy: Retain on it, upon which the syncer lets go of
it at once, without asking Kafka. No topic is ever deleted by this.

A KafkaTopic that is not being deleted stays; with --yes its deletionPolicy becomes Retain, so that deleting it later keeps the
topic. --without-syncer takes the finalizer off itself, for when no syncer runs; finalizers of others stay.

The code is 1 when it was refused, 4 when there is no such object, 5 when you may not change it or it does not go in time.`,
		Example: `  kubectl topicgate release orders -n shop
  kubectl topicgate release orders -n shop --dry-run=server
  kubectl topicgate release orders -n shop --without-syncer`,
		Args: cobra.ExactArgs(1),
		ValidArgsFunction: func(command *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(given) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return completeObjects(command, o.from)
		},
		RunE: func(command *cobra.Command, args []string) error { return o.run(command.Context(), command, args[0]) },
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.wait, "wait", true, "wait until the object is gone")
	flags.DurationVar(&o.timeout, "timeout", time.Minute, "how `long` to wait")
	flags.BoolVarP(&o.yes, "yes", "y", false, "set deletionPolicy: Retain although the object is not being deleted")
	flags.BoolVar(&o.withoutSyncer, "without-syncer", false, "take the finalizer off, for when no syncer runs")
	flags.StringVar(&o.dryRun, "dry-run", dryRunNone, "none; `client`: only say what would be done; server: have the API server judge it, and store nothing")
	// It fails only where there is no flag of the name.
	_ = command.RegisterFlagCompletionFunc("dry-run", cobra.FixedCompletions([]string{dryRunNone, dryRunClient, dryRunServer}, cobra.ShellCompDirectiveNoFileComp))
	o.from.addTo(command)
	return command
}

func (o *releaseOptions) run(ctx context.Context, command *cobra.Command, arg string) error {
	if !slices.Contains([]string{dryRunNone, dryRunClient, dryRunServer}, o.dryRun) {
		return cli.BadFlag("dry-run", o.dryRun, "none, client or server")
	}
	name, err := topicName(arg)
	if err != nil {
		return err
	}
	from, err := o.from.client()
	if err != nil {
		return err
	}
	namespace, err := o.from.namespace()
	if err != nil {
		return err
	}
	object := &v1alpha1.KafkaTopic{}
	key := client.ObjectKey{Namespace: namespace, Name: name}
	switch err := from.Get(ctx, key, object); {
	case apierrors.IsNotFound(err):
		return badInput(fmt.Errorf("KafkaTopic %s: %w", key, errNoTopic))
	case err != nil:
		return unreachable(fmt.Errorf("reading KafkaTopic %s: %w", key, err))
	}
	return o.release(ctx, command, from, object)
}

func (o *releaseOptions) release(ctx context.Context, command *cobra.Command, from client.Client, object *v1alpha1.KafkaTopic) error {
	key := client.ObjectKeyFromObject(object)
	if err := o.allowed(command, object); err != nil {
		return err
	}
	if err := o.patch(ctx, from, object); err != nil {
		return unreachable(fmt.Errorf("changing KafkaTopic %s: %w", key, err))
	}
	done := "its deletionPolicy is Retain now; deleting it keeps the topic"
	if object.DeletionTimestamp != nil {
		done = "is let go by the syncer; its topic is kept"
		if o.dryRun == dryRunNone && o.wait {
			if err := o.await(ctx, from, object); err != nil {
				return err
			}
			done = "let go; its topic is kept"
		}
	}
	if o.dryRun != dryRunNone {
		done += " (" + o.dryRun + " dry run)"
	}
	_, err := fmt.Fprintf(command.OutOrStdout(), "kafkatopic.topicgate.io/%s %s\n", object.Name, done)
	return err
}

// allowed refuses what would surprise somebody.
func (o *releaseOptions) allowed(command *cobra.Command, object *v1alpha1.KafkaTopic) error {
	key := client.ObjectKeyFromObject(object)
	switch deleting := object.DeletionTimestamp != nil; {
	case !deleting && !o.yes:
		tell(command.ErrOrStderr(), "refused", fmt.Sprintf("KafkaTopic %s is not being deleted, so nothing is stuck; --yes sets deletionPolicy: Retain, "+
			"so that deleting it later keeps the topic", key))
		return errDenied
	case !deleting && o.withoutSyncer:
		return cli.BadFlag("without-syncer", "true", "a KafkaTopic that is being deleted: the syncer would put the finalizer on again")
	case deleting && !slices.Contains(object.Finalizers, v1alpha1.TopicFinalizer):
		return unreachable(fmt.Errorf("KafkaTopic %s: %w: %v", key, errOthersHold, object.Finalizers))
	}
	return nil
}

// patch asks for the release. The UID keeps it from hitting an object that was made anew meanwhile.
func (o *releaseOptions) patch(ctx context.Context, from client.Client, object *v1alpha1.KafkaTopic) error {
	if o.dryRun == dryRunClient {
		return nil
	}
	metadata := map[string]any{"uid": object.UID}
	if o.withoutSyncer { // a list is replaced as a whole, so nobody may have changed it meanwhile
		metadata["resourceVersion"] = object.ResourceVersion
		metadata["finalizers"] = slices.DeleteFunc(slices.Clone(object.Finalizers), func(f string) bool { return f == v1alpha1.TopicFinalizer })
	}
	change, err := json.Marshal(map[string]any{"metadata": metadata, "spec": map[string]any{"deletionPolicy": v1alpha1.DeletionRetain}})
	if err != nil {
		return err
	}
	options := []client.PatchOption{client.FieldOwner("kubectl-topicgate")}
	if o.dryRun == dryRunServer {
		options = append(options, client.DryRunAll)
	}
	err = from.Patch(ctx, object.DeepCopy(), client.RawPatch(types.MergePatchType, change), options...)
	return client.IgnoreNotFound(err) // what is gone needs no release
}

// await waits until the object is gone, or is another one.
func (o *releaseOptions) await(ctx context.Context, from client.Client, object *v1alpha1.KafkaTopic) error {
	const every = 200 * time.Millisecond
	var now v1alpha1.KafkaTopic
	err := wait.PollUntilContextTimeout(ctx, every, o.timeout, true, func(ctx context.Context) (bool, error) {
		err := from.Get(ctx, client.ObjectKeyFromObject(object), &now)
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		return err == nil && now.UID != object.UID, err
	})
	switch {
	case err == nil:
		return nil
	case wait.Interrupted(err) && ctx.Err() == nil:
		return unreachable(fmt.Errorf("KafkaTopic %s/%s: %w", object.Namespace, object.Name, errStillThere))
	default:
		return unreachable(fmt.Errorf("waiting for KafkaTopic %s/%s: %w", object.Namespace, object.Name, err))
	}
}

// completeObjects are the names of KafkaTopics in the namespace, for shells.
func completeObjects(command *cobra.Command, connected connection) ([]string, cobra.ShellCompDirective) {
	from, err := connected.client()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	namespace, err := connected.namespace()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var list v1alpha1.KafkaTopicList
	if err := from.List(command.Context(), &list, client.InNamespace(namespace)); err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	names := make([]string, len(list.Items))
	for i := range list.Items {
		names[i] = list.Items[i].Name
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
