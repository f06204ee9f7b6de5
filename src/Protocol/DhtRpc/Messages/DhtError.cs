namespace Hyper.Protocol.DhtRpc.Messages;

/// <summary>Error codes of replies; the layer above adds its own from 16 on.</summary>
public enum DhtError : ulong
{
    /// <summary>Success: the error field is absent on the wire.</summary>
    None = 0,

    /// <summary>The command is unknown, or this node does not serve it.</summary>
    UnknownCommand = 1,

    /// <summary>The request's token was not issued to its sender lately; the reply carries a fresh one.</summary>
    InvalidToken = 2,
}
