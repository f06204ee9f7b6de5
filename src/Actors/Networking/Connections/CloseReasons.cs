using Hyper.Protocol.Udx.Streams;

namespace Hyper.Actors.Networking.Connections;

/// <summary>The ends of streams in the words of connections.</summary>
internal static class CloseReasons
{
    public static ConnectionCloseReason OfConnection(this UdxCloseReason reason) => reason switch
    {
        UdxCloseReason.Ended => ConnectionCloseReason.Ended,
        UdxCloseReason.ConnectionReset => ConnectionCloseReason.Reset,
        UdxCloseReason.TimedOut => ConnectionCloseReason.TimedOut,
        _ => ConnectionCloseReason.Destroyed,
    };

    /// <summary>For the event log.</summary>
    public static string InWords(this ConnectionCloseReason reason, string? detail) => detail is null ? $"{reason}" : $"{reason}: {detail}";
}
