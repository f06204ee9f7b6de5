using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>How a client's rounds reach the server.</summary>
/// <param name="Target">The server's target.</param>
/// <param name="SlotId">The server's number for the handshake.</param>
/// <param name="HandshakeRelay">The relay that the handshake went through.</param>
/// <param name="ServerRelay">A relay of the server's choice, and the server as that one sees it.</param>
/// <param name="ServerAddress">The server as the handshake's relay saw it.</param>
internal sealed record HolepunchRoute(
    Bytes32 Target, ulong SlotId, PeerAddress HandshakeRelay, HolepunchRelay ServerRelay, PeerAddress ServerAddress)
{
    /// <summary>Prefers the handshake's relay, if it is one of the server's.</summary>
    public static HolepunchRoute Through(Bytes32 target, HolepunchInfo info, PeerAddress handshakeRelay, PeerAddress serverAddress)
    {
        HolepunchRelay chosen = info.Relays.FirstOrDefault(relay => relay.RelayAddress == handshakeRelay, info.Relays[0]);
        return new HolepunchRoute(target, info.Id, handshakeRelay, chosen, serverAddress);
    }

    public HolepunchRelay ByHandshake => new(HandshakeRelay, ServerAddress);

    public OutgoingRequest Request(HolepunchRelay via, ReadOnlyMemory<byte> payload)
        => new(via.RelayAddress, HyperDhtCommand.PeerHolepunch.ToDht())
        {
            Target = Target,
            Value = new HolepunchMessage(PeerRoutingMode.FromClient, SlotId, payload, via.PeerAddress).Encode(),
        };
}
