using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht;

/// <summary>The words that upstream uses for failed connections.</summary>
public static class ConnectFailureCodes
{
    public const string PeerNotFound = "PEER_NOT_FOUND";

    public const string InvalidPublicKey = "INVALID_PUBLIC_KEY";

    /// <summary>The remote was found and agreed, but its packets did not arrive.</summary>
    public const string TimedOut = "ETIMEDOUT";

    /// <summary>The node has as many connections as it may.</summary>
    public const string TooManyConnections = "TOO_MANY_CONNECTIONS";

    /// <summary>Both are behind firewalls, and no probe came through, or one side gave up.</summary>
    public const string HolepunchAborted = "HOLEPUNCH_ABORTED";

    /// <summary>The node rests.</summary>
    public const string Suspended = "SUSPENDED";

    /// <summary>The node stops.</summary>
    public const string Destroyed = "NODE_DESTROYED";

    internal static string Of(ConnectFailure failure) => failure switch
    {
        ConnectFailure.PeerNotFound => PeerNotFound,
        ConnectFailure.PeerConnectionFailed => "PEER_CONNECTION_FAILED",
        ConnectFailure.ServerIncompatible => "SERVER_INCOMPATIBLE",
        ConnectFailure.ServerError => "SERVER_ERROR",
        ConnectFailure.InvalidPublicKey => InvalidPublicKey,
        ConnectFailure.HolepunchAborted => HolepunchAborted,
        ConnectFailure.RelayAborted => "RELAY_ABORTED",
        ConnectFailure.HolepunchProbeTimeout => "HOLEPUNCH_PROBE_TIMEOUT",
        ConnectFailure.HolepunchDoubleRandomizedNats => "HOLEPUNCH_DOUBLE_RANDOMIZED_NATS",
        _ => "CANNOT_HOLEPUNCH",
    };

    /// <summary>What a person is told.</summary>
    public static string Describe(string code) => code switch
    {
        PeerNotFound => "no node of the DHT knows this public key",
        TimedOut => "the remote's packets did not arrive",
        TooManyConnections => "this node has as many connections as it may",
        Suspended => "this node is suspended",
        Destroyed => "this node stops",
        "PEER_CONNECTION_FAILED" => "the remote did not answer, or refused this peer",
        "SERVER_INCOMPATIBLE" => "the remote speaks another version of the protocol",
        "SERVER_ERROR" => "the remote ended the handshake",
        InvalidPublicKey => "this is no valid public key",
        HolepunchAborted => "both peers are behind firewalls, and no probe came through or one of them gave up",
        "RELAY_ABORTED" => "there was no way but through the relay, which did not pair the two",
        "HOLEPUNCH_PROBE_TIMEOUT" => "one of the peers did not find out how its NAT treats it: too few nodes of the DHT answered",
        "HOLEPUNCH_DOUBLE_RANDOMIZED_NATS" => "both peers are behind NATs that give every destination another port",
        _ => "both peers are behind firewalls",
    };
}
