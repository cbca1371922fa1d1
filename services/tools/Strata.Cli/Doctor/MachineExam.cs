using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Strata.Cli.Doctor.Core;
using Strata.Featurizer.Embeddings;

namespace Strata.Cli.Doctor;

/// <summary>Looks at this machine: ports that a service is to take, and the model of texts.</summary>
internal static class MachineExam
{
    /// <summary>Whether a port can be taken.</summary>
    public static PortFacts Port(int number)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, number);
            listener.Start();
            return new PortFacts(number, null);
        }
        catch (SocketException fault)
        {
            var taken = fault.SocketErrorCode == SocketError.AddressAlreadyInUse;
            return new PortFacts(number, taken ? "somebody listens there" : fault.Message);
        }
    }

    /// <summary>Encodes a text with the model in a folder, as Featurizer does.</summary>
    public static async Task<ModelFacts> ModelAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            using var encoder = ActivatorUtilities.CreateInstance<OnnxEncoder>(
                services,
                Options.Create(new EmbeddingsOptions { Directory = Path.GetFullPath(folder) }),
                ActivatorUtilities.CreateInstance<EmbeddingsMetrics>(services));
            await encoder.EncodePassageAsync("turntable", cancellationToken);
            return new ModelFacts(folder, null);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            return new ModelFacts(folder, fault.Message); // whatever a broken file makes the runtime throw is the finding
        }
    }
}
