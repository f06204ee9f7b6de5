using Hyper.Protocol.HyperDht;

namespace Hyper.Protocol.Hyperswarm.Topics;

/// <summary>A joined topic, as it is at the moment.</summary>
public sealed record TopicState(TopicKey Topic, bool IsServer, bool IsClient, int Sessions, bool IsRefreshing);
