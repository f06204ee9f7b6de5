using System.CommandLine;

namespace AuctionActors.Cli.Rpc;

/// <summary><c>auction rpc</c>: calls and servers by public key, alone.</summary>
internal static class RpcVerb
{
    public static Command Create()
    {
        Command rpc = new("rpc", "call or serve RPC methods by public key");
        rpc.Subcommands.Add(RpcCallVerb.Create());
        rpc.Subcommands.Add(RpcServeVerb.Create());
        return rpc;
    }
}
