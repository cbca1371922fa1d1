using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Strata.Contracts.Features.V1;
using Strata.Edge;
using Strata.Ranking.Browse;
using Strata.Ranking.Candidates.Requests;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Serving;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Users.Core;
using Strata.ServiceDefaults;
using Strata.Testing;

namespace Strata.Ranking.Tests;

[Trait("height", "harness")]
public sealed class RankingServicesTests
{
    private static readonly string Settings = Path.Combine(Repository.Root, "services", "Strata.Ranking", "appsettings.json");

    [Fact]
    public void AddRanking_WithDefaults_BuildsEveryServiceAndValidatesItsSettings()
    {
        using var host = Build([]);

        host.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.NotNull(ActivatorUtilities.CreateInstance<RankingService>(host.Services));
        Assert.NotNull(ActivatorUtilities.CreateInstance<LayersService>(host.Services));
        Assert.Same(host.Services.GetRequiredService<Catalogue>(), host.Services.GetRequiredService<Catalogue>());
    }

    [Theory]
    [InlineData("Ranking:Candidates:Sources:0", "freshest")]
    [InlineData("Ranking:Candidates:PerSource", "0")]
    [InlineData("Ranking:Slates:Exploration", "1.5")]
    [InlineData("Ranking:Slates:Rule", "9")]
    [InlineData("Ranking:Serving:StoreTimeout", "00:00:00")]
    [InlineData("Ranking:Scoring:Policy", "")]
    [InlineData("Ranking:Scoring:FatigueMost", "-1")]
    [InlineData("Ranking:Scoring:FatigueTimes", "0")]
    [InlineData("Ranking:Index:TopItems", "3")]
    [InlineData("Ranking:Queries:Address", "featurizer")]
    [InlineData("Ranking:Suggestions:LeastUsers", "1")]
    [InlineData("Ranking:Streams:Pace", "00:00:00")]
    public void AddRanking_WrongSetting_StopsAtStart(string key, string value)
    {
        using var host = Build([new(key, value)]);

        var fault = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(key.Split(':')[2], fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("4", -2)]
    public void AddRanking_FatigueIsSet_SlatesAreMadeByIt(string most, double fatigue)
    {
        const string Experiment = "Ranking:Experiments:bold";
        using var host = Build(
        [
            new("Ranking:Scoring:FatigueMost", most),
            new($"{Experiment}:Salt", "salt"),
            new($"{Experiment}:Arms:control:Share", "0.5"),
            new($"{Experiment}:Arms:bold:Share", "0.5"),
        ]);
        var (catalogue, usual) = (host.Services.GetRequiredService<Catalogue>(), host.Services.GetRequiredService<Recommender>());
        catalogue.Put(new ItemFeatures { ItemId = "a", Title = "A" });
        catalogue.Publish();
        var passed = World.PassedOver(("a", 3));
        passed.PassedOver[0].LastUnixMs = World.NowMs;

        Recommender[] all = [usual, host.Services.GetRequiredService<ServingArms>().Of("ann").Recommender];

        Assert.NotSame(all[0], all[1]);
        Assert.All(all, recommender =>
        {
            using var request = recommender.Rank(
                recommender.Now, new UserState(null, null, passed), RequestConstraints.Usual, World.NowMs);
            Assert.Equal(fatigue, request.Passed.FatigueOf(0), 1e-9);
        });
    }

    [Fact]
    public void AppSettings_EveryOption_IsNamedWithItsDefault()
    {
        var settings = new ConfigurationBuilder().AddJsonFile(Settings).Build();
        var options = typeof(RankingServices).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetField("SectionName") is not null).ToList();

        Assert.True(options.Count >= 5);
        foreach (var type in options)
        {
            var section = settings.GetSection((string)type.GetField("SectionName")!.GetValue(null)!);
            var defaults = Activator.CreateInstance(type)!;
            var bound = section.Get(type)!;
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                Assert.True(section.GetSection(property.Name).Exists(), $"{type.Name}.{property.Name} is not in appsettings.json");
                Assert.Equal(property.GetValue(defaults), property.GetValue(bound));
            }

            Assert.Equal(
                type.GetProperties().Select(property => property.Name).Order(), section.GetChildren().Select(child => child.Key).Order());
        }
    }

    internal static WebApplication Build(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddJsonFile(Settings);
        builder.Configuration.AddInMemoryCollection([new("Streaming:BootstrapServers", "localhost:9092"), .. settings]);
        builder.AddServiceDefaults("ranking-test");
        builder.AddEdge();
        builder.AddRanking();
        return builder.Build();
    }
}
