using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Where a stream's packets leave from, and where they go.</summary>
public readonly record struct StreamPath(LocalSocket Socket, PeerAddress Remote);

/// <summary>A finished handshake and the path its stream takes: all that a connection needs to begin.</summary>
/// <param name="Noise">Keys and identities of both sides.</param>
/// <param name="LocalStreamId">The id that packets to us carry.</param>
/// <param name="RemoteStreamId">The id that packets to the remote carry.</param>
/// <param name="Path">Absent when the remote begins: its first packet shows the way, on whichever socket it arrives.</param>
/// <param name="RemotePayload">What the remote said about itself in the handshake.</param>
public sealed record EstablishedConnection(
    NoiseResult Noise, uint LocalStreamId, uint RemoteStreamId, StreamPath? Path, NoisePayload RemotePayload);
