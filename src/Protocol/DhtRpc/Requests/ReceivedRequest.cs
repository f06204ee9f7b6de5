using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>A request from another node, its token already checked.</summary>
/// <param name="Message">What was sent.</param>
/// <param name="From">The sender.</param>
/// <param name="IsIdVerified">The sender sent an id, and it fits its address.</param>
/// <param name="Socket">The socket it arrived on.</param>
public sealed record ReceivedRequest(DhtRequest Message, PeerAddress From, bool IsIdVerified, LocalSocket Socket)
{
    /// <summary>To be copied into the answer, and into what is relayed on behalf of the sender.</summary>
    public ushort TransactionId => Message.TransactionId;

    /// <summary>The sender's id if it sent one that fits its address.</summary>
    public NodeId? Id => IsIdVerified ? Message.Id : null;

    /// <summary>Our address as the sender dialled it.</summary>
    public PeerAddress To => Message.To;

    public DhtCommand Command => Message.Command;

    public Bytes32? Target => Message.Target;

    /// <summary>Present only if this node issued it lately to the sender's host.</summary>
    public Bytes32? Token => Message.Token;

    public ReadOnlyMemory<byte>? Value => Message.Value;

    /// <summary>True when the sender proved that it receives at its address.</summary>
    public bool HasValidToken => Message.Token.HasValue;
}

/// <summary>The answer to a received request.</summary>
public sealed record DhtAnswer
{
    /// <summary>What unknown commands, and storage commands at an ephemeral node, are answered with.</summary>
    public static DhtAnswer UnknownCommand { get; } = new() { Error = DhtError.UnknownCommand, IncludesToken = false };

    /// <summary>Nothing but that the request has arrived, as a ping is answered.</summary>
    internal static DhtAnswer Empty { get; } = new() { IncludesToken = false, IncludesCloserNodes = false };

    /// <summary>A success with an optional value, a token and the closer nodes, as most user commands are answered.</summary>
    public static DhtAnswer Success(ReadOnlyMemory<byte>? value = null) => new() { Value = value };

    /// <summary>An error of the layer above: no token; closer nodes if the request had a target.</summary>
    public static DhtAnswer Failure(DhtError error) => new() { Error = error, IncludesToken = false };

    public DhtError Error { get; init; }

    public ReadOnlyMemory<byte>? Value { get; init; }

    public bool IncludesToken { get; init; } = true;

    /// <summary>Adds the nodes near the request's target, if it has one.</summary>
    public bool IncludesCloserNodes { get; init; } = true;

    /// <summary>Somebody else than the sender.</summary>
    public PeerAddress? To { get; init; }

    /// <summary>Another socket than the one the request came in on.</summary>
    public LocalSocket? Socket { get; init; }
}
