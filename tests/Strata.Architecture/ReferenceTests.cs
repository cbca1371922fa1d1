using Mono.Cecil;

namespace Strata.Architecture;

/// <summary>Who may know whom.</summary>
[Trait("height", "unit")]
public sealed class ReferenceTests
{
    private const string KafkaClient = "Confluent.Kafka";

    public static TheoryData<string> Services => new(Layout.Services);

    public static TheoryData<string> Shared => new(Layout.Shared);

    public static TheoryData<string> TestProjects
        => new(Layout.Folders.Keys.Where(project => project.EndsWith(".Tests", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_RefersOnlyToSharedProjects(string service)
    {
        var projects = Layout.ProjectReferences(service);

        Assert.Empty(projects.Except(Layout.Shared));
        Assert.Empty(Assemblies(service).Where(name => name.StartsWith("Strata.", StringComparison.Ordinal)).Except(Layout.Shared));
    }

    [Theory]
    [MemberData(nameof(Shared))]
    public void SharedProject_RefersToNoService(string project)
        => Assert.Empty(Layout.ProjectReferences(project).Intersect(Layout.Services));

    [Fact]
    public void KafkaClient_IsKnownToStreamingOnly()
    {
        var byProject = Layout.Projects
            .Where(project => Layout.Packages(project).Any(package => package.Contains("Kafka", StringComparison.OrdinalIgnoreCase)));
        var byAssembly = Layout.Services.Concat(Layout.Shared).Concat(["Strata.Local", "strata"])
            .Where(name => Assemblies(name).Contains(KafkaClient));

        Assert.Equal(["Strata.Streaming"], byProject);
        Assert.Equal(["Strata.Streaming"], byAssembly);
    }

    [Fact]
    public void RedisClient_IsKnownToServiceDefaultsOnly()
        => Assert.Equal(
            ["Strata.ServiceDefaults"],
            Layout.Services.Concat(Layout.Shared).Where(name => Assemblies(name).Contains("StackExchange.Redis")));

    [Theory]
    [InlineData("Strata.Numerics")]
    [InlineData("Strata.Console")]
    public void ProjectThatStandsAlone_RefersToNoProject(string project)
    {
        Assert.Empty(Layout.ProjectReferences(project));
        Assert.DoesNotContain(Assemblies(project), name => name.StartsWith("Strata.", StringComparison.Ordinal));
    }

    /// <summary>Tests of one project build that project, what it stands on, and the doubles: the inner loop stays short.</summary>
    [Theory]
    [MemberData(nameof(TestProjects))]
    public void TestProject_RefersToWhatItTestsAndDoubles(string project)
        => Assert.Empty(Layout.ProjectReferences(project).Except([project[..^".Tests".Length], "Strata.Testing"]));

    private static IEnumerable<string> Assemblies(string project)
    {
        using var module = ModuleDefinition.ReadModule(Layout.Load(project).Location);
        return [.. module.AssemblyReferences.Select(r => r.Name)];
    }
}
