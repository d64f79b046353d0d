package history

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// Play carries a history out in a world and watches; it gives back what should not have happened.
func Play(ctx context.Context, world World, steps []Step) ([]string, error) {
	w := watch{world: world, topics: map[string]string{}, asked: map[string]Object{}, last: map[string]Object{}}
	for i, step := range steps {
		if err := w.play(ctx, step); err != nil {
			return w.found, fmt.Errorf("playing step %d, %+v: %w", i, step, err)
		}
		if len(w.found) > 0 {
			return []string{fmt.Sprintf("step %d, %+v: %s", i, step, w.found[0])}, nil
		}
	}
	if err := world.Settle(ctx); err != nil {
		return nil, fmt.Errorf("settling: %w", err)
	}
	return w.found, w.look(ctx, nil)
}

// watch knows only what a bystander can see: steps, topics, stored objects. It knows nothing of the plan.
type watch struct {
	world  World
	topics map[string]string
	// asked are objects whose own deletion was asked for, by UID, as they were last seen.
	asked map[string]Object
	last  map[string]Object
	found []string
}

func (w *watch) play(ctx context.Context, step Step) error {
	flat := append([]Step{step}, step.Mid...)
	for _, one := range flat {
		if err := w.ask(ctx, one); err != nil {
			return err
		}
	}
	if err := w.world.Do(ctx, step); err != nil {
		return err
	}
	return w.look(ctx, flat)
}

// ask remembers whose deletion a step asks for, and what objects were like before it.
func (w *watch) ask(ctx context.Context, step Step) error {
	objects, err := w.world.Objects(ctx)
	if err != nil {
		return err
	}
	w.note(objects)
	for _, object := range objects {
		if step.Kind == DeleteObject && object.Name == step.Object {
			w.asked[object.UID] = object
		}
	}
	return nil
}

func (w *watch) note(objects []Object) {
	for _, object := range objects {
		// An ID that a status showed once stays: the finalizer may go in the same moment as the topic.
		if before := w.last[object.UID]; object.TopicID == "" {
			object.TopicID = before.TopicID
		}
		object.Deletes = object.Deletes || w.last[object.UID].Deletes
		w.last[object.UID] = object
	}
}

// look compares the topics with those before the steps.
func (w *watch) look(ctx context.Context, steps []Step) error {
	objects, err := w.world.Objects(ctx)
	if err != nil {
		return err
	}
	w.note(objects)
	now, err := w.world.Topics(ctx)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(w.topics)) {
		if id := w.topics[name]; now[name] != id && !outside(steps, name) && !w.wanted(name, id) {
			w.found = append(w.found, fmt.Sprintf("topic %s (%s) vanished, and nobody asked its own object", name, id))
		}
	}
	w.topics = now
	return nil
}

// outside says that hands other than the syncer's took the topic.
func outside(steps []Step, name string) bool {
	return slices.ContainsFunc(steps, func(step Step) bool {
		return (step.Kind == DropTopic || step.Kind == RemakeTopic) && step.Topic == name
	})
}

// wanted says that the deletion of an object with policy Delete was asked for, and that the object stood for this topic.
func (w *watch) wanted(name, id string) bool {
	for uid, then := range w.asked {
		object := w.last[uid]
		stood := object.TopicID == id || (object.TopicID == "" && (object.Topic == name || then.Topic == name))
		if object.Deletes && stood {
			return true
		}
	}
	return false
}
