using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>What a client knows once the server has answered, from which the way to it follows.</summary>
/// <param name="Relay">The node that the answer came from.</param>
/// <param name="ServerAddress">The server as that node sees it.</param>
/// <param name="ClientAddress">We as that node sees us.</param>
internal sealed record PathChoice(
    NoiseResult Noise, NoisePayload Payload, PeerAddress Relay, PeerAddress ServerAddress, PeerAddress ClientAddress)
{
    /// <summary>Why there will be no connection; nothing when there can be one.</summary>
    public ConnectFailure? Refusal
        => Payload.Version != NoisePayload.CurrentVersion ? ConnectFailure.ServerIncompatible
            : Payload.Error != HandshakeError.None || Payload.Udx is null ? ConnectFailure.ServerError
            : null;

    public EstablishedConnection Establish(uint streamId, StreamPath? path, ConnectionPath kind, TimeSpan pathTimeout)
        => new(Noise, streamId, Payload.Udx!.Id, path, Payload) { Kind = kind, PathTimeout = pathTimeout };

    private bool IsRelayed => ServerAddress != Relay;

    /// <summary>A server without holepunch relays leaves no other way than dialling it.</summary>
    public bool IsServerOpen
        => Payload.Firewall == FirewallState.Open || (IsRelayed && Payload.Holepunch is not { Relays.Count: > 0 });

    public PeerAddress OpenAddress
    {
        get
        {
            foreach (PeerAddress address in Payload.Addresses4)
            {
                if (!AddressRanges.IsBogon(address))
                    return address;
            }

            return ServerAddress;
        }
    }

    /// <summary>Where to try the server inside a network that both share, judged by their equal public hosts.</summary>
    public PeerAddress? LocalAddress(IReadOnlyList<PeerAddress> own)
    {
        if (!IsRelayed || ClientAddress.Host != ServerAddress.Host)
            return null;
        PeerAddress[] usable = [.. Payload.Addresses4.Where(address => !AddressRanges.IsReserved(address))];
        return usable.Length == 0 ? null : AddressRanges.BestMatch(own, usable) ?? usable[0];
    }
}
