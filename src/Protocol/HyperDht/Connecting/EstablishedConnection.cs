using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>A finished handshake and the path its stream takes: all that a connection needs to begin.</summary>
/// <param name="Noise">Keys and identities of both sides.</param>
/// <param name="LocalStreamId">The id that packets to us carry.</param>
/// <param name="RemoteStreamId">The id that packets to the remote carry.</param>
/// <param name="Socket">Where the stream's packets leave from.</param>
/// <param name="Remote">Where they go.</param>
/// <param name="RemotePayload">What the remote said about itself in the handshake.</param>
public sealed record EstablishedConnection(
    NoiseResult Noise, uint LocalStreamId, uint RemoteStreamId, LocalSocket Socket, PeerAddress Remote, NoisePayload RemotePayload);
