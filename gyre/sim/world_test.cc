#include "gyre/sim/world.h"

#include <gtest/gtest.h>

#include <functional>

#include "gyre/core/testing.h"
#include "gyre/sim/world_impl.h"

namespace gyre::sim {
namespace {

TEST(World, NamesTheThingThatIsNotThere) {
  World world(RobotFolder::load("panda"), {}, 4);
  for (const auto& ask : std::vector<std::function<void()>>{
           [&] { world.pose("green cup"); }, [&] { world.velocity("green cup"); },
           [&] { world.touched("green cup"); }, [&] { world.grasped("green cup"); },
           [&] { world.push("green cup", {}); }}) {
    EXPECT_NE(message_of(ask).find("green cup"), std::string::npos);
  }
}

TEST(World, ProjectionMeetsThePicture) {
  SceneLayout layout;
  layout.objects.push_back({Shape::kBlock, "red", {0.45, 0.05, 0}, 0});
  World world(RobotFolder::load("panda"), layout, 4);
  double x = 0, y = 0;
  ASSERT_TRUE(world.project("front", world.pose("red block").position, x, y));
  const Image image = world.render("front", 128, 128);
  const int column = static_cast<int>((x + 1) / 2 * 128), row = static_cast<int>((y + 1) / 2 * 128);
  const uint8_t* pixel = &image.rgb[static_cast<size_t>(3) * (row * 128 + column)];
  EXPECT_GT(pixel[0], 2 * pixel[1]);
  EXPECT_GT(pixel[0], 2 * pixel[2]);
}

TEST(World, SceneHasAPoseForTheLinkOfEachShape) {
  SceneLayout layout;
  layout.objects.push_back({Shape::kCan, "blue", {0.45, 0.05, 0}, 0});
  const World world(RobotFolder::load("panda"), layout, 4);
  const Scene scene = world.scene(true);
  const auto has_pose = [&](const std::string& link) {
    return std::ranges::any_of(scene.poses, [&](const Scene::Pose& p) { return p.link == link; });
  };
  for (const Scene::Shape& shape : scene.shapes) EXPECT_TRUE(has_pose(shape.link)) << shape.link;
  EXPECT_TRUE(has_pose("blue can"));
  EXPECT_TRUE(has_pose("link7"));
  const Scene poses = world.scene(false);
  EXPECT_TRUE(poses.shapes.empty());
  EXPECT_EQ(poses.poses.size(), scene.poses.size());
}

TEST(World, AnObjectThatIsPlacedLiesThereAtRest) {
  SceneLayout layout;
  layout.objects.push_back({Shape::kCan, "blue", {0.45, 0.05, 0}, 0});
  World world(RobotFolder::load("panda"), layout, 4);
  Pose pose = world.pose("blue can");
  pose.position[1] -= 0.08;
  world.push("blue can", {0.2, 0, 0});
  world.place("blue can", pose);
  const Vec3 speed = world.velocity("blue can");
  EXPECT_EQ(speed, Vec3{});
  world.impl().step();
  EXPECT_NEAR(world.pose("blue can").position[1], -0.03, 0.002);
  EXPECT_TRUE(world.resting("blue can"));
}

}  // namespace
}  // namespace gyre::sim
