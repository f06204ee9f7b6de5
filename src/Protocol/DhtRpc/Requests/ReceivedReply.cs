using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>A reply matched to its request, from the address that was asked.</summary>
/// <param name="From">The responder.</param>
/// <param name="Id">The responder's id if it sent one that fits its address.</param>
/// <param name="To">Our address as the responder saw it.</param>
public sealed record ReceivedReply(PeerAddress From, NodeId? Id, PeerAddress To)
{
    public Bytes32? Token { get; init; }

    public ImmutableArray<PeerAddress> CloserNodes { get; init; } = [];

    public DhtError Error { get; init; }

    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The socket it arrived on.</summary>
    public LocalSocket Socket { get; init; }

    /// <summary>Requests that the node still waits for.</summary>
    public int Outstanding { get; init; }

    /// <summary>Time since the request was made.</summary>
    public TimeSpan RoundTrip { get; init; }
}
