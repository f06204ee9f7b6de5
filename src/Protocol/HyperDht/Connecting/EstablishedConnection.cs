using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Where a stream's packets leave from, and where they go.</summary>
public readonly record struct StreamPath(LocalSocket Socket, PeerAddress Remote);

/// <summary>How the way between two peers came about.</summary>
public enum ConnectionPath
{
    /// <summary>One side is open to everybody.</summary>
    Direct,

    /// <summary>Inside a network that both share.</summary>
    Lan,

    /// <summary>Through holes in both firewalls.</summary>
    Punched,

    /// <summary>Through holes that were found by trying many ports.</summary>
    Birthday,

    /// <summary>Through a third peer.</summary>
    Relayed,
}

/// <summary>A finished handshake and the path its stream takes: all that a connection needs to begin.</summary>
/// <param name="Noise">Keys and identities of both sides.</param>
/// <param name="LocalStreamId">The id that packets to us carry.</param>
/// <param name="RemoteStreamId">The id that packets to the remote carry.</param>
/// <param name="Path">Absent when the remote begins: its first packet shows the way, on whichever socket it arrives.</param>
/// <param name="RemotePayload">What the remote said about itself in the handshake.</param>
public sealed record EstablishedConnection(
    NoiseResult Noise, uint LocalStreamId, uint RemoteStreamId, StreamPath? Path, NoisePayload RemotePayload)
{
    /// <summary>How the path came about; on a path that is not known yet, what to expect.</summary>
    public ConnectionPath Kind { get; init; }

    /// <summary>Of an accepted connection: who sent us the handshake, the client itself or a relay.</summary>
    public PeerAddress Via { get; init; }

    /// <summary>How long the remote's first packet may take when it shows the path.</summary>
    public TimeSpan PathTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
