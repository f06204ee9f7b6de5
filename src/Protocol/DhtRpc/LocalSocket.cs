namespace Hyper.Protocol.DhtRpc;

/// <summary>One of the node's own sockets: the two that every node has, or one opened for a holepunch.</summary>
/// <param name="Index">0 is the server socket, 1 the client socket, higher numbers are the owner's.</param>
public readonly record struct LocalSocket(int Index)
{
    /// <summary>The socket on the configured port, which a persistent node's id is derived from.</summary>
    public static LocalSocket Server => new(0);

    /// <summary>The socket on a random port that a firewalled node asks from.</summary>
    public static LocalSocket Client => new(1);

    public override string ToString() => Index switch { 0 => "server", 1 => "client", _ => "extra-" + Index };
}
