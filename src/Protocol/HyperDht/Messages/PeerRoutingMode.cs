namespace Hyper.Protocol.HyperDht.Messages;

/// <summary>Which leg of its way a handshake or holepunch message is on.</summary>
public enum PeerRoutingMode
{
    FromClient = 0,
    FromServer = 1,
    FromRelay = 2,
    FromSecondRelay = 3,
    Reply = 4,
}
