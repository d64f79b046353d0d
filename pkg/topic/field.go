package topic

// Field names what a rule speaks of; a dialect maps it to a path of its own kind.
type Field struct {
	kind FieldKind
	key  string
}

// FieldKind is the closed list of things that a rule can speak of.
type FieldKind string

// What a rule can speak of.
const (
	KindObject     FieldKind = "Object"
	KindObjectName FieldKind = "ObjectName"
	KindTopicName  FieldKind = "TopicName"
	KindCluster    FieldKind = "Cluster"
	KindPartitions FieldKind = "Partitions"
	KindReplicas   FieldKind = "Replicas"
	KindConfig     FieldKind = "Config"
	KindUnmanaged  FieldKind = "Unmanaged"
	KindDeletion   FieldKind = "Deletion"
	KindLabel      FieldKind = "Label"
	KindAnnotation FieldKind = "Annotation"
	KindSpec       FieldKind = "Spec"
)

// Of is the field of a kind that needs no key.
func Of(kind FieldKind) Field { return Field{kind: kind} }

// ConfigField is one config key.
func ConfigField(key string) Field { return Field{kind: KindConfig, key: key} }

// UnmanagedField is one key of the unmanaged list.
func UnmanagedField(key string) Field { return Field{kind: KindUnmanaged, key: key} }

// LabelField is one label.
func LabelField(key string) Field { return Field{kind: KindLabel, key: key} }

// AnnotationField is one annotation.
func AnnotationField(key string) Field { return Field{kind: KindAnnotation, key: key} }

// Kind is what the field is.
func (f Field) Kind() FieldKind { return f.kind }

// Key is the key of a config, a label or an annotation, where there is one.
func (f Field) Key() string { return f.key }
