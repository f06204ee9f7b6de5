using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Messages;

/// <summary>One dht-rpc datagram.</summary>
/// <param name="TransactionId">Chosen by the requester and copied into the reply.</param>
/// <param name="To">Request: the address dialled. Reply: the requester's address as the responder sees it.</param>
public abstract record DhtMessage(ushort TransactionId, PeerAddress To)
{
    /// <summary>The sender's claimed id, valid only if it is the hash of the address the datagram came from.</summary>
    public NodeId? Id { get; init; }

    /// <summary>Request: a token received earlier from the destination. Reply: a fresh token for the requester.</summary>
    public Bytes32? Token { get; init; }

    /// <summary>The payload; empty and absent differ.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }
}

/// <summary>A dht-rpc request.</summary>
public sealed record DhtRequest(ushort TransactionId, PeerAddress To, DhtCommand Command) : DhtMessage(TransactionId, To)
{
    /// <summary>The point of the key space that the command is about.</summary>
    public Bytes32? Target { get; init; }
}

/// <summary>A dht-rpc reply.</summary>
public sealed record DhtReply(ushort TransactionId, PeerAddress To) : DhtMessage(TransactionId, To)
{
    /// <summary>Nodes that the responder knows near the target, in its order.</summary>
    public ImmutableArray<PeerAddress> CloserNodes { get; init; } = [];

    public DhtError Error { get; init; }
}
