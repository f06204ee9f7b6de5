namespace Hyper.Protocol.Protomux;

/// <summary>Kinds of control message, which travel on channel 0.</summary>
internal enum ControlType
{
    Batch = 0,
    Open = 1,
    Reject = 2,
    Close = 3,
}
