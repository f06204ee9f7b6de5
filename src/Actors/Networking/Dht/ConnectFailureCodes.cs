using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht;

/// <summary>The words that upstream uses for failed connections.</summary>
public static class ConnectFailureCodes
{
    public const string PeerNotFound = "PEER_NOT_FOUND";

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
        ConnectFailure.InvalidPublicKey => "INVALID_PUBLIC_KEY",
        _ => "CANNOT_HOLEPUNCH",
    };
}
