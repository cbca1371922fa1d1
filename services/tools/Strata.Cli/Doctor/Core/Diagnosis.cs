namespace Strata.Cli.Doctor.Core;

/// <summary>From what was found to what is wrong, with the remedy of each; nothing is asked here.</summary>
internal static class Diagnosis
{
    /// <summary>Clocks further apart are told: marks of when something was, and half-lives, go by them.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(10);

    /// <summary>Settings that all services of a system share.</summary>
    private static readonly string[] Shared = ["Streaming:BootstrapServers", "Redis:ConnectionString"];

    public static IReadOnlyList<Finding> Of(SystemFacts facts)
        =>
        [
            .. facts.Broker is { } broker ? OfBroker(broker, facts.Now) : [],
            .. facts.Store is { } store ? StoreDiagnosis.Of(store) : [],
            .. OfServices(facts.Services),
            .. OfClocks(facts),
            .. facts.Model is { } model ? [OfModel(model)] : Array.Empty<Finding>(),
            .. facts.Ports.Select(OfPort),
        ];

    private static IEnumerable<Finding> OfBroker(BrokerFacts broker, DateTimeOffset now)
    {
        if (broker.Silence is { } silence)
        {
            return
            [
                silence.Refused
                    ? Finding.Error(
                        "broker",
                        silence.Text,
                        "Mend sasl.username, sasl.password and ssl.ca.location in --kafka-settings or Streaming:Client")
                    : Finding.Error(
                        "broker", silence.Text, "Start it, or give its address with --kafka; TLS and SASL with --kafka-settings"),
            ];
        }

        var clock = broker.Newest is { } newest && newest > now ? newest : now; // else what waits would seem younger than it is
        return TopicDiagnosis.Of(broker.Cluster!)
            .Prepend(Finding.Good("broker", $"answers, {broker.Cluster!.Brokers} up"))
            .Concat(ConsumerDiagnosis.Of(broker.Before ?? [], broker.After ?? [], clock));
    }

    private static IEnumerable<Finding> OfServices(IReadOnlyList<ServiceFacts> services)
    {
        foreach (var service in services)
        {
            var complaints = string.Join("; ", (service.Complaints ?? new Dictionary<string, string>()).Select(c => $"{c.Key}: {c.Value}"));
            yield return service switch
            {
                { Silence: { } silence } => Finding.Error(
                    "services", silence.Text, "Start it, or give the HTTP address where it listens with --service"),
                { Status: "Healthy" } => Finding.Good("services", $"{service.Address} is ready, {service.Build}"),
                { Status: "Degraded" } => Finding.Warning(
                    "services", $"{service.Address} serves less than it could: {complaints}", "Mend what the check names"),
                _ => Finding.Error("services", $"{service.Address} is not ready: {complaints}", "Mend what the check names"),
            };
        }

        var builds = services.Where(service => service.Build.Length > 0).GroupBy(service => service.Build).ToList();
        if (builds.Count > 1)
        {
            yield return Finding.Error(
                "services",
                $"{builds.Count} versions run: {ByAddress(builds)}",
                "Finish the rollout, or take it back: a release reads what the one before wrote, not the other way round");
        }

        foreach (var setting in Shared)
        {
            var values = services.Where(service => service.Settings?.GetValueOrDefault(setting) is { Length: > 0 })
                .GroupBy(service => service.Settings![setting]).ToList();
            if (values.Count > 1)
            {
                yield return Finding.Error(
                    "services",
                    $"{setting} differs: {ByAddress(values)}",
                    "Give all services of a system the same; strata config show says from where each has it");
            }
        }
    }

    private static IEnumerable<Finding> OfClocks(SystemFacts facts)
    {
        var clocks = facts.Services.Where(service => service.Time is not null)
            .Select(service => (Whose: $"{service.Address}", Ahead: service.Time!.Value - facts.Now))
            .ToList();
        if (facts.Store?.Time is { } store)
        {
            clocks.Add(("the store", store - facts.Now));
        }

        // A broker shows its clock only by what arrived; what is old says nothing.
        if (facts.Broker?.Newest is { } newest && newest > facts.Now)
        {
            clocks.Add(("the broker", newest - facts.Now));
        }

        var wrong = clocks.Where(clock => clock.Ahead.Duration() > ClockSlack).ToList();
        foreach (var (whose, ahead) in wrong)
        {
            yield return Finding.Error(
                "clocks",
                $"the clock of {whose} is {ahead.Duration():d\\.hh\\:mm\\:ss} "
                    + (ahead > TimeSpan.Zero ? "ahead of this machine's" : "behind this machine's"),
                "Have both follow a time server (chrony, timedatectl set-ntp true)");
        }

        if (wrong.Count == 0 && clocks.Count > 0)
        {
            yield return Finding.Good("clocks", $"{clocks.Count} agree with this machine's");
        }
    }

    private static string ByAddress(IEnumerable<IGrouping<string, ServiceFacts>> values)
        => string.Join("; ", values.Select(same => $"{same.Key} at {string.Join(", ", same.Select(service => service.Address))}"));

    private static Finding OfModel(ModelFacts model) => model.Fault is { } fault
        ? Finding.Error(
            "model", $"{model.Folder} cannot be used: {fault}", "Put the whole folder there: model.onnx and vocab.txt of one encoder")
        : Finding.Good("model", $"{model.Folder} encodes");

    private static Finding OfPort(PortFacts port) => port.Fault is { } fault
        ? Finding.Error(
            "ports",
            $"port {port.Number} cannot be taken: {fault}",
            "End who listens there (ss -ltnp), or set Endpoints:Http and Endpoints:Grpc")
        : Finding.Good("ports", $"port {port.Number} is free");
}
