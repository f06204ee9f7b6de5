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

    internal static string Of(ConnectFailure failure) => failure switch
    {
        ConnectFailure.PeerNotFound => PeerNotFound,
        ConnectFailure.PeerConnectionFailed => "PEER_CONNECTION_FAILED",
        ConnectFailure.ServerIncompatible => "SERVER_INCOMPATIBLE",
        ConnectFailure.ServerError => "SERVER_ERROR",
        ConnectFailure.InvalidPublicKey => InvalidPublicKey,
        _ => "CANNOT_HOLEPUNCH",
    };

    /// <summary>What a person is told.</summary>
    public static string Describe(string code) => code switch
    {
        PeerNotFound => "no node of the DHT knows this public key",
        TimedOut => "the remote's packets did not arrive",
        TooManyConnections => "this node has as many connections as it may",
        "PEER_CONNECTION_FAILED" => "the remote did not answer, or refused this peer",
        "SERVER_INCOMPATIBLE" => "the remote speaks another version of the protocol",
        "SERVER_ERROR" => "the remote ended the handshake",
        InvalidPublicKey => "this is no valid public key",
        _ => "both peers are behind firewalls",
    };
}
