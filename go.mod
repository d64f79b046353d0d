module github.com/topicgate/topicgate

go 1.26.0
